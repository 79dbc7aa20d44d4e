"""Write the seven letter templates: one page form (GB/T 9704, law.md §8.1), seven texts.

The templates in `templates/` are what this script last wrote; a bank edits its own copies in Word.
Run it again after a change of the form or of a text: `python scripts/templates.py`.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table
    from docx.text.paragraph import Paragraph

TARGET = Path(__file__).parents[1] / "templates"

BODY, TITLE, HEAD = "仿宋", "方正小标宋简体", "黑体"
FALLBACKS = {
    BODY: "FangSong;仿宋_GB2312;STFangsong;Noto Serif CJK SC",
    TITLE: "宋体;SimSun;Noto Serif CJK SC",
    HEAD: "SimHei;Noto Sans CJK SC",
}
LINE = Pt(29)
EPOCH = (2026, 1, 1, 0, 0, 0)

NOTES_COLUMNS = (
    ("借据号", "借.借据号", 40),
    ("到期日", "借.到期日期", 26),
    ("贷款余额", "借.贷款余额", 26),
    ("逾期本金", "借.逾期本金", 26),
    ("逾期利息", "借.逾期利息", 22),
    ("天数", "借.逾期天数", 16),
)

OBJECT = (
    "对以上金额或事实有异议的，请在上述期限内以书面或到场方式向{{ 机构 }}提出，并附有关证明；"
    "我行将核实并答复。{{ 联系方式 }}"
)
COPIES = "本函一式两份，一份由发函人留存，一份以邮政特快专递（EMS）寄送收函人。函号：{{ 函号 }}。"
ACCOUNT = "{{ 还款账户 }}"
SUMS = (
    "截至{{ 截止日期 }}，以上逾期本金共{{ 本金 }}元（{{ 本金大写 }}），逾期利息（含罚息、复利）共{{ 利息 }}元"
    "（{{ 利息大写 }}），合计{{ 合计 }}元（{{ 合计大写 }}）。此后的利息、罚息和复利按合同约定继续计算，"
    "实际应付金额以结清日核算为准。"
)

LETTERS: dict[str, dict[str, Any]] = {
    "loan_overdue": {
        "title": "贷款逾期催收通知书",
        "intro": "贵方为我行{{ 借款合同 }}项下的{{ 身份 }}。该合同项下借款现已逾期{{ 逾期天数 }}天，明细如下：",
        "points": (
            ("还款要求", "请贵方于{{ 限期 }}前，将上述逾期款项足额存入以下账户：" + ACCOUNT + "。"),
            (
                "未按期清偿的后果",
                "逾期未清偿的，我行将按合同约定计收罚息、复利，依法向金融信用信息基础数据库报送逾期信息，"
                "并有权提起诉讼、申请保全和执行，由此发生的费用按合同约定和法律规定承担。",
            ),
            ("异议与联系", OBJECT),
            ("权利声明", "本函是我行就上述全部借据债权向贵方提出的履行请求，不表示我行放弃或变更任何权利。"),
        ),
        "slip": "并确认上述借据截至{{ 截止日期 }}尚欠本金{{ 本金 }}元、利息{{ 利息 }}元。本人（单位）同意履行还款义务。",
    },
    "guarantor_perform": {
        "title": "担保人履行责任通知书",
        "intro": (
            "贵方依{{ 保证合同 }}，为{{ 借款人 }}在我行{{ 借款合同 }}项下的债务提供担保，"
            "担保方式为{{ 保证方式 }}，保证期间{{ 保证期间 }}。现债务人已逾期{{ 逾期天数 }}天未履行，明细如下："
        ),
        "points": (
            (
                "履行要求",
                "我行现请求贵方承担保证责任：请于{{ 限期 }}前，将上述款项足额存入以下账户：" + ACCOUNT + "。",
            ),
            (
                "未履行的后果",
                "期限届满仍未履行的，我行有权依法对债务人和各担保人提起诉讼，申请保全和执行贵方财产，"
                "由此发生的费用按合同约定和法律规定承担。",
            ),
            ("异议与联系", OBJECT),
            (
                "权利声明",
                "本函是我行在保证期间内向贵方提出的承担保证责任的请求，不表示我行放弃对其他债务人、担保人的权利。",
            ),
        ),
        "slip": "知悉主债务截至{{ 截止日期 }}尚欠本金{{ 本金 }}元、利息{{ 利息 }}元。本人（单位）同意在保证责任范围内履行。",
    },
    "lawyer_letter": {
        "title": "律师催收函",
        "draft": "（代拟稿，供律师事务所审定后以该所名义、该所函号签发；我行不以本稿直接寄送。交办编号：{{ 函号 }}）",
        "intro": (
            "本所受{{ 机构 }}委托，就贵方作为{{ 身份 }}、{{ 借款人 }}在委托人{{ 借款合同 }}项下的逾期债务，"
            "致函如下。据委托人提供的材料，该债务已逾期{{ 逾期天数 }}天，明细为："
        ),
        "points": (
            ("履行要求", "请贵方于{{ 限期 }}前，将上述款项足额存入以下账户：" + ACCOUNT + "。"),
            (
                "法律后果",
                "期限届满仍未履行的，委托人有权向有管辖权的人民法院起诉，请求判令借款人清偿、担保人承担责任，"
                "并申请财产保全和强制执行，诉讼费等费用由败诉方依法负担。",
            ),
            ("异议与联系", OBJECT.replace("我行将核实并答复", "委托人将核实并答复")),
        ),
        "office": True,
        "slip": "知悉债务截至{{ 截止日期 }}尚欠本金{{ 本金 }}元、利息{{ 利息 }}元。本人（单位）同意依法履行。",
    },
    "acceleration": {
        "title": "贷款提前到期通知书",
        "intro": (
            "贵方为我行{{ 借款合同 }}项下的{{ 身份 }}。{{ 触发事实 }}，已符合该合同{{ 条款 }}约定的提前到期条件。明细如下："
        ),
        "points": (
            (
                "宣布提前到期",
                "我行依据该合同{{ 条款 }}，宣布该合同项下全部未到期借款于本通知送达之日提前到期。"
                "提前到期的全部本金为{{ 全部本金 }}元（{{ 全部本金大写 }}），连同利息共{{ 全部应付 }}元（{{ 全部应付大写 }}）。",
            ),
            (
                "履行要求",
                "请贵方于{{ 限期 }}前清偿全部借款本息，足额存入以下账户：" + ACCOUNT + "。"
                "收函人为担保人的，我行一并请求贵方就提前到期的全部债务承担担保责任。",
            ),
            (
                "未按期清偿的后果",
                "逾期未清偿的，我行将按合同约定对全部本金计收罚息，并有权对全体债务人提起诉讼、申请保全和执行。",
            ),
            ("异议与联系", OBJECT),
        ),
        "slip": "知悉借款提前到期，应付本息共{{ 全部应付 }}元（截至{{ 截止日期 }}）。本人（单位）同意履行。",
    },
    "repayment": {
        "title": "还款通知书",
        "intro": "贵方在我行办理的信用卡已透支逾期{{ 逾期天数 }}天，账户明细如下：",
        "points": (
            ("还款要求", "请贵方于{{ 限期 }}前将逾期款项足额还入该卡账户；还款账户：" + ACCOUNT + "。"),
            (
                "请贵方留意",
                "逾期期间将按领用合约计收利息和违约金，我行将依法向金融信用信息基础数据库报送逾期信息；"
                "还款确有困难的，请尽早与我行联系，商议分期还款。账务明细可持本人证件到我行任一网点查询。",
            ),
            ("异议与联系", OBJECT),
        ),
        "slip": "并确认该卡截至{{ 截止日期 }}逾期本金{{ 本金 }}元、利息{{ 利息 }}元。本人同意还款。",
    },
    "urgent": {
        "title": "紧急通知函",
        "intro": "贵方在我行办理的信用卡已透支逾期{{ 逾期天数 }}天，经多次催收仍未还清，账户明细如下：",
        "points": (
            ("还款要求", "请贵方务必于{{ 限期 }}前将逾期款项足额还入该卡账户；还款账户：" + ACCOUNT + "。"),
            (
                "未按期还款的后果",
                "期限届满仍未还清的，我行将依领用合约停止该卡使用，依法报送逾期信息，"
                "并有权要求一次性清偿全部欠款、向担保人主张责任、提起诉讼。",
            ),
            ("异议与联系", OBJECT + "账务明细可持本人证件到我行任一网点查询。"),
            ("权利声明", "本函是我行就上述债权向贵方提出的履行请求，不表示我行放弃任何权利。"),
        ),
        "slip": "并确认该卡截至{{ 截止日期 }}逾期本金{{ 本金 }}元、利息{{ 利息 }}元。本人同意还款。",
    },
    "guarantee_duty": {
        "title": "履行保证责任通知书",
        "intro": (
            "贵方依{{ 保证合同 }}，为{{ 借款人 }}在我行的信用卡债务提供担保，担保方式为{{ 保证方式 }}，"
            "保证期间{{ 保证期间 }}。现持卡人已逾期{{ 逾期天数 }}天未还款，明细如下："
        ),
        "points": (
            (
                "履行要求",
                "我行现请求贵方承担保证责任：请于{{ 限期 }}前，将上述款项足额存入以下账户：" + ACCOUNT + "。",
            ),
            (
                "未履行的后果",
                "期限届满仍未履行的，我行有权依法对持卡人和保证人提起诉讼，申请保全和执行，"
                "由此发生的费用按合同约定和法律规定承担。",
            ),
            ("异议与联系", OBJECT),
            ("权利声明", "本函是我行在保证期间内向贵方提出的承担保证责任的请求，不表示我行放弃对持卡人的权利。"),
        ),
        "slip": "知悉主债务截至{{ 截止日期 }}尚欠本金{{ 本金 }}元、利息{{ 利息 }}元。本人（单位）同意在保证责任范围内履行。",
    },
}


def build(letter: dict[str, Any]) -> Word:
    """Lay one letter out."""
    word = Document()
    page(word)
    line(word, "{%p if 样张 %}")
    banner = line(word, "样张　未设置行名，不得寄出", align=WD_ALIGN_PARAGRAPH.CENTER)
    banner.runs[0].font.color.rgb = RGBColor(0xC0, 0, 0)
    banner.runs[0].font.bold = True
    line(word, "{%p endif %}")
    heading(word, letter["title"])
    right = line(word, "{{ 函号 }}{{r 二维码 }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    right.paragraph_format.space_after = Pt(8)
    if "draft" in letter:
        line(word, letter["draft"], size=12)
    line(word, "{{ 收件人 }}{% if 证件 %}（{{ 证件 }}）{% endif %}：")
    body(word, letter["intro"])
    notes(word)
    body(word, SUMS).paragraph_format.space_before = Pt(8)
    if "draft" not in letter:
        line(word, "{%p if 前次比较 %}")
        body(word, "{{ 前次比较 }}")
        line(word, "{%p endif %}")
    for number, (head, text) in zip("一二三四五", letter["points"], strict=False):
        point(word, f"{number}、{head}。", text)
    body(word, COPIES)
    sign(word, office=letter.get("office", False))
    slip(word, letter)
    return word


def page(word: Word) -> None:
    """A4 with the margins of GB/T 9704, 仿宋 16 pt on 29 pt lines, 第×页 共×页 below."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    normal = word.styles["Normal"]
    face(normal, BODY)
    normal.font.size = Pt(16)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = LINE
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.widow_control = False
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, code in (("第", "PAGE"), ("页　共", "NUMPAGES"), ("页", "")):
        footer.add_run(text).font.size = Pt(12)
        if code:
            field(footer, code)


def face(style: Any, name: str) -> None:  # noqa: ANN401 - a style or a run
    """Set the Chinese font as well as the Latin one."""
    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for part in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(part), name)


def field(paragraph: Paragraph, code: str) -> None:
    """Add a page-number field."""
    run = paragraph.add_run()
    run.font.size = Pt(12)
    simple = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:rPr><w:sz w:val="24"/></w:rPr>'
        "<w:t>1</w:t></w:r></w:fldSimple>"
    )
    run._r.addnext(simple)  # noqa: SLF001 - python-docx has no fields


def line(word: Word, text: str, *, align: WD_ALIGN_PARAGRAPH | None = None, size: int = 0) -> Paragraph:
    """Add a paragraph without indent."""
    paragraph = word.add_paragraph()
    run = paragraph.add_run(text)
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = align
    return paragraph


def body(word: Word, text: str) -> Paragraph:
    """Add a paragraph indented by two characters."""
    paragraph = line(word, text)
    indent(paragraph)
    return paragraph


def indent(paragraph: Paragraph) -> None:
    """Indent the first line by two characters, whatever the font size."""
    ind = paragraph._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001
    ind.set(qn("w:firstLineChars"), "200")
    ind.set(qn("w:firstLine"), "640")


def heading(word: Word, text: str) -> None:
    """Add the title: 小标宋 22 pt, centred."""
    paragraph = line(word, "", align=WD_ALIGN_PARAGRAPH.CENTER)
    run = paragraph.add_run(text)
    run.font.size = Pt(22)
    face_run(run, TITLE)
    paragraph.paragraph_format.line_spacing = Pt(36)
    paragraph.paragraph_format.space_after = Pt(6)


def face_run(run: Any, name: str) -> None:  # noqa: ANN401
    """Set the font of one run."""
    run.font.name = name
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001
    for part in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(part), name)


def point(word: Word, head: str, text: str) -> None:
    """Add a numbered point: its head in 黑体."""
    paragraph = body(word, "")
    face_run(paragraph.add_run(head), HEAD)
    paragraph.add_run(text)


def notes(word: Word) -> None:
    """Add the table of all loan notes, one row each, and their sums."""
    table = word.add_table(rows=5, cols=len(NOTES_COLUMNS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, (head, value, width) in enumerate(NOTES_COLUMNS):
        last = column == len(NOTES_COLUMNS) - 1
        texts = (head, "", "{{ " + value + " }}", "", "")
        sums = {0: "合计", 3: "{{ 本金 }}", 4: "{{ 利息 }}"}
        for row, text in enumerate((*texts[:4], "" if last else sums.get(column, ""))):
            put(table, row, column, text, width, bold=row == 0, right=column > 1 and row > 0)
    for column, (_, _, width) in enumerate(NOTES_COLUMNS):
        table.columns[column].width = Mm(width)
    put(table, 1, 0, "{%tr for 借 in 借据 %}", 0)
    put(table, 3, 0, "{%tr endfor %}", 0)
    repeat = parse_xml(f"<w:tblHeader {nsdecls('w')}/>")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001
    for row in table.rows:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))  # noqa: SLF001


def put(table: Table, row: int, column: int, text: str, width: int, *, bold: bool = False, right: bool = False) -> None:
    """Fill one cell in 10.5 pt."""
    cell = table.cell(row, column)
    if width:
        cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    for run in paragraph.runs:
        run.text = ""
    run = paragraph.add_run(text)
    run.font.size = Pt(10.5)
    run.font.bold = bold
    paragraph.paragraph_format.line_spacing = Pt(18)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.CENTER


def sign(word: Word, *, office: bool) -> None:
    """Add who signs, where the seal goes, and the day; they stay on the page of the text before."""
    place = "　　　　　　律师事务所（盖章）" if office else "{{ 机构 }}（盖章）"
    above = word.paragraphs[-1]
    above.paragraph_format.keep_with_next = True
    if office:
        clerk = line(word, "承办律师（签名）：　　　　　　执业证号：　　　　　　　　", align=WD_ALIGN_PARAGRAPH.RIGHT)
        clerk.paragraph_format.space_before = Pt(14)
        clerk.paragraph_format.keep_with_next = True
    seal = line(word, place, align=WD_ALIGN_PARAGRAPH.RIGHT)
    seal.paragraph_format.space_before = Pt(20)
    seal.paragraph_format.keep_with_next = True
    day = "　　　　年　　月　　日" if office else "{{ 签发日期 }}"
    dated = line(word, day, align=WD_ALIGN_PARAGRAPH.RIGHT)
    dated.paragraph_format.right_indent = Pt(64)


def slip(word: Word, letter: dict[str, Any]) -> None:
    """Add the return slip on a page of its own; whoever signs writes the days by hand."""
    paragraph = line(word, "", align=WD_ALIGN_PARAGRAPH.CENTER)
    paragraph.paragraph_format.page_break_before = True
    paragraph.paragraph_format.line_spacing = Pt(36)
    run = paragraph.add_run("回　　执")
    run.font.size = Pt(22)
    face_run(run, TITLE)
    line(word, "{{ 机构 }}：")
    body(
        word,
        "本人（单位）已于＿＿＿＿年＿＿月＿＿日收到{{ 函号 }}《" + letter["title"] + "》，" + letter["slip"],
    )
    body(word, "其他说明：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿")
    for text in (
        "签收人（签名、盖章或捺印）：",
        "身份或职务：",
        "与收函人（{{ 收件人 }}）的关系：",
        "证件号码：",
        "联系电话：",
        "签收日期：＿＿＿＿年＿＿月＿＿日",
    ):
        row = line(word, text)
        row.paragraph_format.space_before = Pt(10)
    small = body(word, "")
    small.paragraph_format.space_before = Pt(16)
    hint = small.add_run(
        "日期由签收人亲笔填写。请将本回执签好后交还送达人或寄回：{{ 机构 }}{% if 机构地址 %}，{{ 机构地址 }}{% endif %}。"
    )
    hint.font.size = Pt(12)


def packed(word: Word) -> bytes:
    """Return the file with named fallback fonts, no author, and times that do not change from run to run."""
    word.core_properties.author = ""
    word.core_properties.title = ""
    raw, target = BytesIO(), BytesIO()
    word.save(raw)
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            if name == "docProps/thumbnail.jpeg":
                continue
            content = source.read(name)
            if name == "word/fontTable.xml":
                content = content.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")
            if name == "_rels/.rels":
                content = without_thumbnail(content)
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, content)
    return target.getvalue()


def without_thumbnail(rels: bytes) -> bytes:
    """Drop the sample picture that python-docx's own template carries."""
    import re

    return re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", rels)


if __name__ == "__main__":
    for kind, letter in LETTERS.items():
        (TARGET / f"{kind}.docx").write_bytes(packed(build(letter)))
        print(TARGET / f"{kind}.docx")
