"""The workspace: the folder with the bank's settings, where state is kept and products go."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.safe import written

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = "ccm.toml"

TEXT, TEXTS, SWITCH = "文字", '文字列表，例如 ["欠息合计"]', "true 或 false"
PAIRS = '成对的文字，例如 { "手机号码" = "手机号" }'
KEYS: dict[str, dict[str, str]] = {
    "bank": dict.fromkeys(("name", "branch", "address", "phone"), TEXT),
    "columns": {},
    "products": dict.fromkeys(("card", "loan"), TEXTS),
    "letters": {**dict.fromkeys(("code", "number", "account", "soffice"), TEXT), "qr": SWITCH},
    "codes": {},
    "sms": {**dict.fromkeys(("sign", "reply", "encoding", "extension"), TEXT), "columns": PAIRS},
}
"""What a ccm.toml may hold, and as what; [columns] takes any field of a ledger, [codes] any branch."""

ANY = {"columns": TEXTS, "codes": TEXT}

NUMBER = "{code}〔{year}〕{n}号"
"""The usual form of a letter number (law.md §8.1): the year whole, in 〔〕, the number without zeros before it."""


@dataclass(frozen=True, slots=True)
class LetterSettings:
    """What the bank says of its letters: how they are numbered, where money goes, what prints them.

    `codes` gives a branch its own code and so its own series; `code` serves the others.
    """

    code: str = ""
    number: str = NUMBER
    account: str = "借款合同约定的还款账户"
    soffice: str = ""
    qr: bool = False
    codes: dict[str, str] = field(default_factory=dict)


ENCODINGS, EXTENSIONS = ("utf-8-sig", "gb18030", "gbk"), ("csv", "xlsx")
SMS_COLUMNS = ("手机号", "内容", "编号", "姓名", "借据号", "情形", "条数", "机构", "客户经理")
"""What a column of the gateway's file may hold."""


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """What the bank says of its messages: how they are signed, where to reply, and the file its gateway takes.

    `columns` maps the file's headers, in their order, to what stands below (`SMS_COLUMNS`).
    """

    sign: str = ""
    reply: str = ""
    encoding: str = "utf-8-sig"
    extension: str = "csv"
    columns: dict[str, str] = field(default_factory=lambda: {"手机号码": "手机号", "短信内容": "内容", "编号": "编号"})


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder and what its ccm.toml says.

    `columns` maps a field to the bank's own header names, `products` a product to further words of its names.
    """

    root: Path
    bank: str = ""
    branch: str = ""
    address: str = ""
    phone: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)
    products: dict[str, list[str]] = field(default_factory=dict)
    letters: LetterSettings = field(default_factory=LetterSettings)
    sms: SmsSettings = field(default_factory=SmsSettings)

    @property
    def short_bank(self) -> str:
        """The bank's name as it is said aloud and signs a message: without its legal form."""
        return self.bank.removesuffix("股份有限公司").removesuffix("有限责任公司")

    @property
    def state(self) -> Path:
        """Where ccm keeps what it remembers; its owner's alone."""
        return self.root / ".ccm"

    @property
    def policy(self) -> Path | None:
        """The bank's own policy file, None where the built-in one serves."""
        path = self.root / "policy.toml"
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
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CcmError("config-wrong", where=str(path), reason=f"文件读不懂（{error}）") from error
    _check(data, path)
    return Workspace(
        root,
        **{("bank" if key == "name" else key): value for key, value in data.get("bank", {}).items()},
        columns=data.get("columns", {}),
        products=data.get("products", {}),
        letters=LetterSettings(**data.get("letters", {}), codes=data.get("codes", {})),
        sms=SmsSettings(**data.get("sms", {})),
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
            if not FITS[wanted](value):
                raise CcmError("config-wrong", where=str(path), reason=f"[{table}] {key} 应是{wanted}")
    _check_number(data.get("letters", {}).get("number", NUMBER), path)
    _check_sms(data.get("sms", {}), path)


def _check_sms(sms: dict[str, Any], path: Path) -> None:
    """A file that the gateway cannot take is refused before anybody is thought to have been messaged."""
    for key, allowed in (("encoding", ENCODINGS), ("extension", EXTENSIONS)):
        if key in sms and sms[key] not in allowed:
            reason = f"[sms] {key} 不能是“{sms[key]}”，可用：{'、'.join(allowed)}"
            raise CcmError("config-wrong", where=str(path), reason=reason)
    columns = sms.get("columns")
    for value in columns.values() if columns else ():
        _known(value, SMS_COLUMNS, path)
    if columns is not None and not {"手机号", "内容"} <= set(columns.values()):
        raise CcmError("config-wrong", where=str(path), reason="[sms.columns] 至少要有手机号和内容两列")


def _check_number(pattern: str, path: Path) -> None:
    """A number must tell series, year and place in it, or two letters could bear the same one."""
    try:
        pattern.format(code="", year=2026, n=1)
    except (KeyError, IndexError, ValueError) as error:
        raise CcmError(
            "config-wrong",
            where=str(path),
            reason=f"[letters] number 里只能用 {{code}} {{year}} {{n}}，现在是“{pattern}”",
        ) from error
    if "{year}" not in pattern or "{n}" not in pattern:
        raise CcmError("config-wrong", where=str(path), reason="[letters] number 必须含 {year} 和 {n}，否则会重号")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_pairs(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


FITS: dict[str, Callable[[object], bool]] = {
    TEXT: lambda value: isinstance(value, str),
    TEXTS: _is_texts,
    SWITCH: lambda value: isinstance(value, bool),
    PAIRS: _is_pairs,
}
"""Whether a value of the file is what its key wants."""


def _known(key: str, allowed: tuple[str, ...], path: Path) -> None:
    if key not in allowed:
        near = get_close_matches(key, allowed, 1)
        hint = f"，是不是想写 {near[0]}？" if near else f"，可用：{'、'.join(allowed)}"
        raise CcmError("config-wrong", where=str(path), reason=f"不认识“{key}”{hint}")


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
    quoted = {
        key: value.replace("\\", "\\\\").replace('"', '\\"') for key, value in {"bank": bank, "branch": branch}.items()
    }
    return f"""# ccm 工作目录设置。改完可用 ccm ledger columns 看列名是否生效。

[bank]
name = "{quoted["bank"]}"
branch = "{quoted["branch"]}"
# 写在函件上，供客户联系和提出异议：
# address = "××县××路1号"
# phone = "0000-0000000"

# 本行台账里特有的列名，左边是 ccm 的栏目（ccm ledger columns 可查），右边是台账里的写法。例如：
# overdue_interest = ["欠息合计"]
[columns]

# 本行产品名称里的字样，分清贷款和信用卡（两者函件不同）。例如：
# card = ["金卡分期"]
# loan = ["惠农e贷"]
[products]

# 信函。code 是函号前的机构代字；account 是函中写明的还款账户；qr = true 时函上印函号二维码。
# [letters]
# code = "清农城催"
# number = "{{code}}〔{{year}}〕{{n}}号"
# account = "户名……，账号……，开户行……"

# 短信。sign 是签名（不写就用行名的简称），reply 是回电号码（不写就用 [bank] phone），其余按网关要求的文件来。
# 网关的表头写在左边，右边是内容：{"、".join(SMS_COLUMNS)}。
# encoding 可用 {"、".join(ENCODINGS)}；extension 可用 {"、".join(EXTENSIONS)}。短信文字在 templates/sms.toml。
# [sms]
# sign = "清水农商银行"
# reply = "0000-5550123"
# encoding = "gb18030"
# extension = "csv"
# columns = {{ "手机号码" = "手机号", "短信内容" = "内容", "编号" = "编号" }}

# 一个工作目录管多个机构时，各机构的代字（各自连续编号）：
# [codes]
# "柳溪支行" = "清农柳催"
"""
