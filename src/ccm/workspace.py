"""The workspace: the folder with the bank's settings, where state is kept and products go."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from ccm.errors import CcmError
from ccm.safe import written

CONFIG = "ccm.toml"

KEYS: dict[str, tuple[str, ...]] = {"bank": ("name", "branch"), "columns": (), "products": ("card", "loan")}
"""What a ccm.toml may hold; the field names under [columns] are checked where they are known."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder and what its ccm.toml says.

    `columns` maps a field to the bank's own header names, `products` a product to further words of its names.
    """

    root: Path
    bank: str = ""
    branch: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)
    products: dict[str, list[str]] = field(default_factory=dict)

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
    bank = data.get("bank", {})
    return Workspace(
        root, bank.get("name", ""), bank.get("branch", ""), data.get("columns", {}), data.get("products", {})
    )


def _check(data: dict[str, Any], path: Path) -> None:
    for table, content in data.items():
        _known(table, tuple(KEYS), path)
        if not isinstance(content, dict):
            raise CcmError("config-wrong", where=str(path), reason=f"{table} 应写成 [{table}] 一节")
        for key, value in content.items():
            if KEYS[table]:
                _known(key, KEYS[table], path)
            texts = isinstance(value, str) if table == "bank" else _is_texts(value)
            if not texts:
                wanted = "文字" if table == "bank" else '文字列表，例如 ["欠息合计"]'
                raise CcmError("config-wrong", where=str(path), reason=f"[{table}] {key} 应是{wanted}")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


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

# 本行台账里特有的列名，左边是 ccm 的栏目（ccm ledger columns 可查），右边是台账里的写法。例如：
# overdue_interest = ["欠息合计"]
[columns]

# 本行产品名称里的字样，分清贷款和信用卡（两者函件不同）。例如：
# card = ["金卡分期"]
# loan = ["惠农e贷"]
[products]
"""
