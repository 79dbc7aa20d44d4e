"""The workspace: the folder with the bank's settings, where state is kept and products go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from string import Formatter, Template
from typing import Any, Literal

from ccm import gateway, tomlfile
from ccm.bounds import Bounds
from ccm.errors import CcmError
from ccm.safe import written

CONFIG = "ccm.toml"

TEXT, TEXTS, SWITCH = "文字", '文字列表，例如 ["欠息合计"]', "true 或 false"
WHOLE = "不小于1的整数"
PAIRS = '成对的文字，例如 { "手机号码" = "手机号" }'
OFFICE = '{ address = "…", phone = "…", account = "…" }，可以只写一部分'
KEYS: dict[str, dict[str, str]] = {
    "bank": dict.fromkeys(("name", "branch", "address", "phone"), TEXT),
    "columns": {},
    "products": dict.fromkeys(("card", "loan"), TEXTS),
    "letters": {**dict.fromkeys(("code", "number", "account", "soffice"), TEXT), "qr": SWITCH},
    "codes": {},
    "branches": {},
    "post": dict.fromkeys(("province", "city", "county", "contents"), TEXT),
    "sms": {**dict.fromkeys(("sign", "reply", "encoding", "extension"), TEXT), "columns": PAIRS},
    "warn": {"lead": TEXT},
    "leads": {},
    "limits": {"cells": WHOLE, "inflated_mb": WHOLE, "paper_mb": WHOLE},
}
"""What a ccm.toml may hold, and as what.

[columns] takes any field of a ledger; [codes], [branches] and [leads] take any branch.
"""

ANY = {"columns": TEXTS, "codes": TEXT, "branches": OFFICE, "leads": TEXT}

NUMBER = "{code}〔{year}〕{n}号"
"""The usual form of a letter number (law.md §8.1): the year whole, in 〔〕, the number without zeros before it."""
WIDTH = re.compile(r"(0?[1-9]\d?)?")
"""How a number may be padded; a width of a thousand million fills the memory."""
LONGEST_NUMBER = 50
"""Characters of a letter number: it stands whole in every file name."""


@dataclass(frozen=True, slots=True)
class LetterSettings:
    """What the bank says of its letters: how they are numbered, where money goes, what prints them.

    `codes` gives a branch its own code and so its own series; `code` serves the others.
    """

    code: str = ""
    number: str = NUMBER
    account: str = ""
    soffice: str = ""
    qr: bool = False
    codes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Office:
    """Where a branch is found, and where money goes to it; empty where it is not known."""

    address: str = ""
    phone: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class PostSettings:
    """Where the bank's customers live when an address does not say it, and what waybills to persons declare."""

    province: str = ""
    city: str = ""
    county: str = ""
    contents: Literal["neutral", "title"] = "neutral"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder and what its ccm.toml says.

    `columns` maps a field to the bank's own header names, `products` a product to further words of its names.
    `branches` are the offices of other branches than its own.
    `lead` answers for warning work (W5), in the branches of `leads` whoever stands there.
    `bounds` say what a file that is read may unfold to.
    `journal` is the address of the journal of many people, empty where it is a file of this workspace.
    """

    root: Path
    bank: str = ""
    branch: str = ""
    address: str = ""
    phone: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)
    products: dict[str, list[str]] = field(default_factory=dict)
    letters: LetterSettings = field(default_factory=LetterSettings)
    post: PostSettings = field(default_factory=PostSettings)
    sms: gateway.SmsSettings = field(default_factory=gateway.SmsSettings)
    branches: dict[str, Office] = field(default_factory=dict)
    lead: str = ""
    leads: dict[str, str] = field(default_factory=dict)
    journal: str = ""
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def short_bank(self) -> str:
        """The bank's name as it is said aloud and signs a message: without its legal form."""
        return self.bank.removesuffix("股份有限公司").removesuffix("有限责任公司")

    def lead_of(self, branch: str | None) -> str:
        """Return the lead manager who answers for a branch's warning work (W5), empty where none is set."""
        return self.leads.get(branch or "", self.lead)

    def office(self, branch: str | None) -> Office:
        """Return the office whose letters a branch writes.

        [bank] gives its own, and that of every branch where it names none; another branch without a row in
        [branches] has neither address nor phone: the wrong ones would send people and returned letters astray.
        """
        given = self.branches.get(branch or "", Office())
        own = self if not branch or branch == self.branch or not self.branch else Office()
        return Office(given.address or own.address, given.phone or own.phone, given.account or self.letters.account)

    @property
    def state(self) -> Path:
        """Where ccm keeps what it remembers; its owner's alone."""
        return self.root / ".ccm"

    def name_of(self, path: Path) -> str:
        """Return a product's name as the journal keeps it: from the workspace, whole where it lies elsewhere."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)

    @property
    def policy(self) -> Path | None:
        """The bank's own policy file, None where the built-in one serves."""
        path = self.root / "policy.toml"
        return path if path.exists() else None

    @property
    def rights(self) -> Path | None:
        """The bank's own file of the periods of rights, None where the built-in one serves."""
        path = self.root / "rights.toml"
        return path if path.exists() else None


def locate(option: Path | None, variable: str | None, here: Path) -> Path:
    """Return the workspace's folder: the option, else the variable, else the nearest ccm.toml upwards, else `here`.

    Raises:
        CcmError: `workspace-missing` where a folder was named and is none.
    """
    named = option or (Path(variable) if variable else None)
    if named:
        if not named.is_dir():
            raise CcmError("workspace-missing", where=str(named))
        return named.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / CONFIG).exists()), here)


def load(root: Path) -> Workspace:
    """Read a workspace's settings; a folder without ccm.toml is one with none.

    Raises:
        CcmError: `config-wrong` where the file cannot be used.
    """
    path = root / CONFIG
    if not path.exists():
        return Workspace(root)
    try:
        data = tomlfile.parsed(tomlfile.text_of(path))
    except (ValueError, OSError) as error:
        raise CcmError("config-wrong", where=str(path), reason=f"文件读不懂（{error}）") from error
    _check(data, path)
    return Workspace(
        root,
        **{("bank" if key == "name" else key): value for key, value in data.get("bank", {}).items()},
        columns=data.get("columns", {}),
        products=data.get("products", {}),
        letters=LetterSettings(**data.get("letters", {}), codes=data.get("codes", {})),
        post=PostSettings(**data.get("post", {})),
        sms=gateway.SmsSettings(**data.get("sms", {})),
        branches={branch: Office(**row) for branch, row in data.get("branches", {}).items()},
        lead=data.get("warn", {}).get("lead", ""),
        leads=data.get("leads", {}),
        bounds=Bounds(**data.get("limits", {})),
    )


def _check(data: dict[str, Any], path: Path) -> None:
    for table, content in data.items():
        _known(table, tuple(KEYS), path)
        if not isinstance(content, dict):
            raise CcmError("config-wrong", where=str(path), reason=f"{table} 应写成 [{table}] 一节")
        for key, value in content.items():
            if table not in ANY:
                _known(key, tuple(KEYS[table]), path)
            wanted = ANY.get(table) or KEYS[table][key]
            if not _fits(value, wanted):
                raise CcmError("config-wrong", where=str(path), reason=f"[{table}] {key} 应是{wanted}")
    letters = data.get("letters", {})
    codes = [letters.get("code", ""), *data.get("codes", {}).values()]
    if reason := _wrong_number(letters.get("number", NUMBER), codes):
        raise CcmError("config-wrong", where=str(path), reason=f"[letters] number {reason}")
    if reason := gateway.wrong(data.get("sms", {})):
        raise CcmError("config-wrong", where=str(path), reason=f"[sms] {reason}")
    if data.get("post", {}).get("contents", "neutral") not in {"neutral", "title"}:
        raise CcmError(
            "config-wrong", where=str(path), reason="[post] contents 应是 neutral（中性）或 title（函件全名）"
        )


def _wrong_number(pattern: str, codes: list[str]) -> str:
    """Say what is wrong with the form of letter numbers: two letters must never bear the same one."""
    try:
        parts = [(field, spec) for _, field, spec, _ in Formatter().parse(pattern) if field is not None]
        fields = {field for field, _ in parts}
        if not all(WIDTH.fullmatch(spec or "") for _, spec in parts):
            return f"里只能用 {{code}} {{year}} {{n}}，位数最多写成 {{n:06}} 这样，现在是“{pattern}”"
        numbers = [pattern.format(code=code, year=2026, n=1) for code in codes]
    except (LookupError, ValueError, AttributeError):
        fields, numbers = {""}, []
    if not fields <= {"code", "year", "n"}:
        return f"里只能用 {{code}} {{year}} {{n}}，现在是“{pattern}”"
    if not fields >= {"year", "n"}:
        return "必须含 {year} 和 {n}，否则会重号"
    if len(set(codes)) > 1 and "code" not in fields:
        return "必须含 {code}：各机构分别编号，没有代字会重号"
    if any(len(number) > LONGEST_NUMBER for number in numbers):
        return f"连同代字太长，最多{LONGEST_NUMBER}个字，否则文件名放不下"
    return ""


def _fits(value: object, wanted: str) -> bool:
    """Whether a value of the file is what its key wants."""
    if wanted in {TEXT, SWITCH}:
        return isinstance(value, str if wanted == TEXT else bool)
    if wanted == WHOLE:
        return type(value) is int and value > 0
    if wanted == OFFICE and not (isinstance(value, dict) and value.keys() <= {"address", "phone", "account"}):
        return False
    if wanted in {PAIRS, OFFICE}:
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _known(key: str, allowed: tuple[str, ...], path: Path) -> None:
    for _, near in tomlfile.unlike([key], allowed):
        hint = near or f"可用：{'、'.join(allowed)}"
        raise CcmError("config-wrong", where=str(path), reason=f"不认识“{key}”，{hint}")


def create(root: Path, bank: str, branch: str) -> list[Path]:
    """Write ccm.toml and copy the policy and the templates to be edited; return what was written.

    What is already there stays as it is.

    Raises:
        CcmError: `file-unwritable`.
    """
    root.mkdir(parents=True, exist_ok=True)
    texts = {
        CONFIG: _config(bank, branch),
        "policy.toml": files("ccm").joinpath("data/policy.toml").read_text("utf-8"),
    }
    made = [root / name for name in texts if not (root / name).exists()]
    for path in made:
        with written(path) as temporary:
            temporary.write_text(texts[path.name], encoding="utf-8")
    with templates() as source:
        for template in sorted(source.iterdir()):
            target = root / "templates" / template.name
            if template.is_file() and not target.exists():
                with written(target) as temporary:
                    temporary.write_bytes(template.read_bytes())
                made.append(target)
    return made


def template_path(root: Path, name: str) -> Path | None:
    """Return the workspace's own template, None where the built-in one serves."""
    own = root / "templates" / name
    return own if own.exists() else None


def templates() -> Any:  # noqa: ANN401 - a context manager of the folder, whose type differs by Python version
    """Give the folder of built-in templates: inside an installed package, or beside the source of an editable one."""
    packed = files("ccm").joinpath("templates")
    source = Path(__file__).parents[2] / "templates"
    return as_file(packed if packed.is_dir() else source)


def _config(bank: str, branch: str) -> str:
    """Return the settings of a new workspace: `data/ccm.toml` with what is known filled in."""
    quoted = [name.replace("\\", "\\\\").replace('"', '\\"') for name in (bank, branch)]
    return Template(files("ccm").joinpath("data/ccm.toml").read_text("utf-8")).substitute(
        dict(zip(("bank", "branch"), quoted, strict=True)),
        encodings="、".join(gateway.ENCODINGS),
        extensions="、".join(gateway.EXTENSIONS),
        columns="、".join(gateway.COLUMNS),
        cells=Bounds().cells,
        inflated_mb=Bounds().inflated_mb,
        paper_mb=Bounds().paper_mb,
    )
