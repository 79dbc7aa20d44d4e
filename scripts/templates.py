"""Write the seven letter templates and the application for deferral: one page form (GB/T 9704, law.md §8.1).

The templates in `templates/` are what this script last wrote; a bank edits its own copies in Word.
Run it again after a change of the form or of a text: `python scripts/templates.py`.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Word
    from docx.table import Table
    from docx.text.paragraph import Paragraph

TARGET = Path(__file__).parents[1] / "templates"

BODY, TITLE, HEAD = "仿宋", "方正小标宋简体", "黑体"
FALLBACKS = {
    BODY: ("FangSong,仿宋_GB2312,STFangsong,Noto Serif CJK SC", "modern"),
    TITLE: ("宋体,SimSun,Noto Serif CJK SC", "roman"),
    HEAD: ("SimHei,Noto Sans CJK SC", "swiss"),
}
"""What Word takes instead where a font is missing, in this order, and its family."""
LINE = Pt(29)
EPOCH = (2026, 1, 1, 0, 0, 0)
USED_STYLES = {
    "Normal",
    "DefaultParagraphFont",
    "TableNormal",
    "NoList",
    "TableGrid",
    "Header",
    "HeaderChar",
    "Footer",
    "FooterChar",
}

Column = tuple[str, str, float, str]
"""Head, field, width in mm, and what stands in the row of sums."""

# 9 pt and 24 mm hold 123,456,789.00 on one line; a loan number of 20 digits fits as well.
NOTES: tuple[Column, ...] = (
    ("序号", "借.序号", 8, ""),
    ("借据号和合同号", "借.借据号|借.合同号", 46.6, ""),
    ("发放日", "借.发放日期", 18.2, ""),
    ("到期日", "借.到期日期", 18.2, ""),
    ("年利率", "借.年利率", 17, ""),
    ("贷款金额", "借.贷款金额", 24, ""),
    ("贷款余额", "借.贷款余额", 24, ""),
)
OWED: tuple[Column, ...] = (
    ("序号", "借.序号", 8, "合计"),
    ("逾期起始日", "借.逾期起始日", 19, ""),
    ("天数", "借.逾期天数", 9, ""),
    ("逾期本金", "借.逾期本金", 24, "本金"),
    ("利息", "借.正常利息", 24, "正常利息"),
    ("罚息", "借.罚息", 24, "罚息"),
    ("复利", "借.复利", 24, "复利"),
    ("合计", "借.应付合计", 24, "合计"),
)
CARD: tuple[Column, ...] = (
    ("序号", "借.序号", 8, "合计"),
    ("账号", "借.借据号", 37, ""),
    ("逾期起始日", "借.逾期起始日", 19, ""),
    ("天数", "借.逾期天数", 9, ""),
    ("透支余额", "借.贷款余额", 25, ""),
    ("逾期本金", "借.逾期本金", 25, "本金"),
    ("利息及费用", "借.逾期利息", 33, "利息"),
)
LOAN_TABLES = (
    ("借款情况（金额单位：人民币元）", NOTES),
    ("欠款情况（金额截至{{ 截止日期 }}，天数算到签发日；单位：元，“—”为未单列）", OWED),
)
CARD_TABLES = (("欠款情况（金额截至{{ 截止日期 }}，天数算到签发日；单位：元）", CARD),)

OBJECT = "对以上金额或事实有异议的，请在上述期限内书面或到场向我行提出并附证明，我行将核实并答复。{{ 联系方式 }}"
COPIES = "本函一式两份，一份由发函人留存，一份以邮政特快专递（EMS）寄送收函人。函号：{{ 函号 }}。"
BY = "请贵方于{{ 限期 }}前（含当日）"
ACCOUNT = "\n{{ 还款账户 }}。"
GUARANTEED = "担保方式为{{ 保证方式 }}，保证期间{{ 保证期间 }}，担保范围以保证合同约定为准。"
IF_GUARANTOR = "{% if 保证合同 %}贵方依{{ 保证合同 }}为该债务提供担保，" + GUARANTEED + "{% endif %}"
DEBTOR = "关于{{ 借款人 }}与{{ 机构 }}（以下简称我行）所签{{ 借款合同 }}，贵方系{{ 身份 }}。"
SUMS = (
    "截至{{ 截止日期 }}，以上逾期本金共{{ 本金 }}元（{{ 本金大写 }}），利息、罚息、复利共{{ 利息 }}元"
    "（{{ 利息大写 }}），合计{{ 合计 }}元（{{ 合计大写 }}）。此后的利息、罚息、复利按合同约定计算，以结清日核算为准。"
)
CARD_SUMS = (
    "截至{{ 截止日期 }}，以上逾期本金共{{ 本金 }}元（{{ 本金大写 }}），利息及费用共{{ 利息 }}元（{{ 利息大写 }}），"
    "合计{{ 合计 }}元（{{ 合计大写 }}）。此后的利息、费用按领用合约计算，以结清日核算为准。"
)
RECEIVED = "本人（单位）已于＿＿＿＿年＿＿月＿＿日收到致{{ 收件人 }}的{{ 函号 }}《%s》，"
OWING = "截至{{ 截止日期 }}尚欠本金{{ 本金 }}元、利息（含罚息、复利）{{ 利息 }}元"
CARD_OWING = "截至{{ 截止日期 }}逾期本金{{ 本金 }}元、利息及费用{{ 利息 }}元"
GUARANTOR_SLIP = "本人（单位）同意在保证责任范围内履行。"

LETTERS: dict[str, dict[str, Any]] = {
    "loan_overdue": {
        "title": "贷款逾期催收通知书",
        "intro": DEBTOR
        + "上述合同项下借款已逾期{{ 逾期天数 }}天，本函是本次逾期以来的第{{ 催收次数 }}次书面通知。明细如下：",
        "points": (
            ("还款要求", BY + "将上述逾期款项足额存入以下账户：" + ACCOUNT),
            (
                "未按期清偿的后果",
                "我行将按合同约定计收罚息、复利，依法向金融信用信息基础数据库报送逾期信息，"
                "并有权提起诉讼、申请保全和执行，所生费用依合同和法律承担。",
            ),
            ("异议与联系", OBJECT),
            (
                "权利声明",
                "本函是我行就上述全部借据债权提出的履行请求，{% if 时效已过 %}{% else %}诉讼时效自送达贵方之日起依法重新计算；{% endif %}"
                "本函不表示放弃或变更任何权利。",
            ),
        ),
        "slip": "确认其中所列全部借据" + OWING + "，本人（单位）同意履行还款义务。",
    },
    "guarantor_perform": {
        "title": "担保人履行责任通知书",
        "intro": (
            "贵方依{{ 保证合同 }}，为{{ 借款人 }}在{{ 机构 }}（以下简称我行）{{ 借款合同 }}项下的债务提供担保，"
            + GUARANTEED
            + "现债务人已逾期{{ 逾期天数 }}天未履行，明细如下："
        ),
        "points": (
            ("履行要求", "我行现请求贵方承担保证责任：" + BY + "将上述款项足额存入以下账户：" + ACCOUNT),
            (
                "未履行的后果",
                "我行有权依法对债务人和各担保人提起诉讼，申请保全和执行，所生费用依合同和法律承担。",
            ),
            ("异议与联系", OBJECT),
            (
                "权利声明",
                "本函是我行就上述全部借据债权提出的承担保证责任的请求，不表示放弃对其他债务人、担保人的权利。",
            ),
        ),
        "slip": "知悉主债务" + OWING + "。" + GUARANTOR_SLIP,
    },
    "lawyer_letter": {
        "title": "律师催收函",
        "number": "（　　　　）律函字〔　　　　〕第　　　号",
        "draft": (
            "（代拟稿：供律师事务所审定，以该所名义和函号签发，由承办律师签名并加盖该所印章；"
            "我行不盖章，不以本稿直接寄送。交办编号：{{ 函号 }}）"
        ),
        "intro": (
            "本所受{{ 机构 }}（以下简称委托人）委托，就{{ 借款人 }}与委托人所签{{ 借款合同 }}项下的逾期债务，"
            "向贵方（{{ 身份 }}）致函如下。"
            + IF_GUARANTOR
            + "据委托人提供的材料，该债务已逾期{{ 逾期天数 }}天，明细如下："
        ),
        "points": (
            (
                "履行要求",
                BY + "{% if 保证合同 %}承担保证责任，{% endif %}将上述款项足额存入以下账户：" + ACCOUNT,
            ),
            (
                "法律后果",
                "期限届满仍未履行的，委托人有权向有管辖权的人民法院起诉，请求判令借款人清偿、担保人承担责任，"
                "并申请财产保全和强制执行，诉讼费等费用由败诉方依法负担。",
            ),
            ("异议与联系", OBJECT.replace("我行", "委托人")),
        ),
        "copies": ("本函一式两份，一份由本所留存，一份以邮政特快专递（EMS）寄送贵方。函号由本所编定，见首页。"),
        "office": True,
        "received": "本人（单位）已于＿＿＿＿年＿＿月＿＿日收到律师事务所受贵行委托致{{ 收件人 }}的《律师催收函》（交办编号：{{ 函号 }}），",
        "slip": "知悉债务" + OWING + "，本人（单位）同意依法履行。",
    },
    "acceleration": {
        "title": "贷款提前到期通知书",
        "intro": DEBTOR + IF_GUARANTOR + "{{ 触发事实 }}，已符合该借款合同{{ 条款 }}约定的提前到期条件。明细如下：",
        "points": (
            (
                "宣布提前到期",
                "我行依据该借款合同{{ 条款 }}，宣布该合同项下全部未到期借款于本通知送达之日提前到期。"
                "提前到期的全部本金为{{ 全部本金 }}元（{{ 全部本金大写 }}），连同利息、罚息、复利共{{ 全部应付 }}元（{{ 全部应付大写 }}）。",
            ),
            (
                "履行要求",
                "{% if 保证合同 %}我行同时请求贵方承担保证责任：{% endif %}"
                + BY
                + "清偿上述全部借款本息，足额存入以下账户："
                + ACCOUNT,
            ),
            (
                "未按期清偿的后果",
                "我行将自提前到期之日起对全部未还本金按合同约定计收罚息，并有权对全体债务人、担保人提起诉讼、"
                "申请保全和执行，所生费用依合同和法律承担。",
            ),
            ("异议与联系", OBJECT),
        ),
        "slip": "知悉借款提前到期，应付本息共{{ 全部应付 }}元（截至{{ 截止日期 }}）。"
        "{% if 保证合同 %}" + GUARANTOR_SLIP + "{% else %}本人（单位）同意履行。{% endif %}",
    },
    "repayment": {
        "title": "还款通知书",
        "card": True,
        "intro": (
            "贵方在{{ 机构 }}（以下简称我行）办理的信用卡已透支逾期{{ 逾期天数 }}天。依{{ 借款合同 }}，"
            "贵方作为{{ 身份 }}应当按期还款。账户明细如下："
        ),
        "points": (
            ("还款要求", BY + "将逾期款项足额还入该卡账户，或存入以下账户：" + ACCOUNT),
            (
                "请贵方留意",
                "逾期期间将按领用合约计收利息和违约金，我行将依法向金融信用信息基础数据库报送逾期信息；"
                "还款确有困难的，请尽早与我行联系，商议分期还款。账务明细可持本人证件到我行任一网点查询。",
            ),
            ("异议与联系", OBJECT),
        ),
        "slip": "确认该卡" + CARD_OWING + "，本人同意还款。",
    },
    "urgent": {
        "title": "紧急通知函",
        "card": True,
        "intro": (
            "贵方在{{ 机构 }}（以下简称我行）办理的信用卡已透支逾期{{ 逾期天数 }}天。依{{ 借款合同 }}，"
            "贵方作为{{ 身份 }}应当按期还款；{% if 历次函件 %}我行此前已发出{{ 历次函件 }}，{% endif %}"
            "至今仍未还清。账户明细如下："
        ),
        "points": (
            ("还款要求", "请贵方务必于{{ 限期 }}前（含当日）将逾期款项足额还入该卡账户，或存入以下账户：" + ACCOUNT),
            (
                "未按期还款的后果",
                "期限届满仍未还清的，我行将依领用合约停止该卡使用，依法报送逾期信息，"
                "并有权依领用合约要求一次性清偿全部欠款、向担保人主张责任、提起诉讼。",
            ),
            ("异议与联系", OBJECT + "账务明细可持本人证件到我行任一网点查询。"),
            (
                "权利声明",
                "本函是我行就上述债权提出的履行请求，{% if 时效已过 %}{% else %}诉讼时效自送达贵方之日起依法重新计算；{% endif %}本函不表示放弃任何权利。",
            ),
        ),
        "slip": "确认该卡" + CARD_OWING + "，本人同意还款。",
    },
    "guarantee_duty": {
        "title": "履行保证责任通知书",
        "card": True,
        "intro": (
            "贵方依{{ 保证合同 }}，为{{ 借款人 }}在{{ 机构 }}（以下简称我行）{{ 借款合同 }}项下的信用卡债务提供担保，"
            + GUARANTEED
            + "现持卡人已逾期{{ 逾期天数 }}天未还款，明细如下："
        ),
        "points": (
            ("履行要求", "我行现请求贵方承担保证责任：" + BY + "将上述款项足额存入以下账户：" + ACCOUNT),
            (
                "未履行的后果",
                "我行有权依法对持卡人和保证人提起诉讼，申请保全和执行，所生费用依合同和法律承担。",
            ),
            ("异议与联系", OBJECT),
            ("权利声明", "本函是我行就上述债权向贵方提出的承担保证责任的请求，不表示我行放弃对持卡人的权利。"),
        ),
        "slip": "知悉主债务" + CARD_OWING + "。" + GUARANTOR_SLIP,
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
    number = line(word, letter.get("number", "{{ 函号 }}") + "{{r 二维码 }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    number.paragraph_format.space_after = Pt(8)
    if "draft" in letter:
        line(word, letter["draft"], size=12).paragraph_format.line_spacing = Pt(20)
    line(word, "{{ 收件人 }}{% if 证件 %}（{{ 证件 }}）{% endif %}：")
    body(word, letter["intro"])
    card = letter.get("card", False)
    for caption, columns in CARD_TABLES if card else LOAN_TABLES:
        notes(word, caption, columns)
    body(word, CARD_SUMS if card else SUMS).paragraph_format.space_before = Pt(8)
    if "draft" not in letter:
        line(word, "{%p if 前次比较 %}")
        body(word, "{{ 前次比较 }}")
        line(word, "{%p endif %}")
    for nth, (head, text) in zip("一二三四五", letter["points"], strict=False):
        point(word, f"{nth}、{head}。", text)
    body(word, letter.get("copies", COPIES))
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
    chinese(word)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, code in (("第", "PAGE"), ("页　共", "NUMPAGES"), ("页", "")):
        footer.add_run(text).font.size = Pt(12)
        if code:
            field(footer, code)


def chinese(word: Word) -> None:
    """Name the language, so that glyphs are Chinese and Word's English spelling does not cut tags; drop unused styles."""
    styles = word.styles.element
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for lang in styles.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")
    defaults.find(qn("w:rFonts")).addnext(parse_xml(f"<w:noProof {nsdecls('w')}/>"))
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in USED_STYLES:
            styles.remove(style)
    for key, relation in list(word.part.rels.items()):
        if relation.reltype.endswith(("/customXml", "/stylesWithEffects")):
            del word.part.rels[key]


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
    """Add a paragraph indented by two characters; left-aligned, since letter numbers do not break and would tear lines."""
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
    """Add a numbered point: its head in 黑体, further lines below."""
    first, *more = text.split("\n")
    paragraph = body(word, "")
    face_run(paragraph.add_run(head), HEAD)
    paragraph.add_run(first)
    for one in more:
        paragraph.paragraph_format.keep_with_next = True
        body(word, one)


def notes(word: Word, caption: str, columns: tuple[Column, ...]) -> None:
    """Add a table of all loan notes under its caption: one row each, and the sums where there are any."""
    above = line(word, caption, size=10.5)
    above.paragraph_format.line_spacing = Pt(18)
    above.paragraph_format.space_before = Pt(6)
    above.paragraph_format.keep_with_next = True
    summed = any(total for *_, total in columns)
    table = word.add_table(rows=5 if summed else 4, cols=len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    margins = "".join(f'<w:{side} w:w="45" w:type="dxa"/>' for side in ("left", "right"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001
    look.addprevious(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>"))
    for at, (head, value, width, total) in enumerate(columns):
        table.columns[at].width = Mm(width)
        right = value.removeprefix("借.") not in TEXTS
        cell(table, 0, at, head, width, bold=True)
        cell(table, 1, at, "{%tr for 借 in 借据 %}" if at == 0 else "", width)
        cell(table, 2, at, "\n".join("{{ " + one + " }}" for one in value.split("|")), width, right=right)
        cell(table, 3, at, "{%tr endfor %}" if at == 0 else "", width)
        if summed:
            words = total if at == 0 else total and "{{ " + total + " }}"
            cell(table, 4, at, words, width, right=right)
    repeat = parse_xml(f"<w:tblHeader {nsdecls('w')}/>")
    for row in table.rows:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))  # noqa: SLF001
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001


TEXTS = {"序号", "借据号|借.合同号", "借据号", "发放日期", "到期日期", "逾期起始日", "逾期天数", "年利率"}
"""Fields that stand in the middle of their cell; amounts stand on the right."""


def cell(
    table: Table, row: int, column: int, text: str, width: float, *, bold: bool = False, right: bool = False
) -> None:
    """Fill one cell in 9 pt, one paragraph per line."""
    target = table.cell(row, column)
    target.width = Mm(width)
    target.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for nth, one in enumerate(text.split("\n")):
        paragraph = target.paragraphs[0] if nth == 0 else target.add_paragraph()
        run = paragraph.add_run(one)
        run.font.size = Pt(9)
        run.font.bold = bold
        # Where 仿宋 is missing, LibreOffice then takes a Chinese font's digits, which are as narrow as 仿宋's.
        run._r.get_or_add_rPr().append(parse_xml(f'<w:lang {nsdecls("w")} w:val="zh-CN"/>'))  # noqa: SLF001
        paragraph.paragraph_format.line_spacing = Pt(16)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.CENTER


def sign(word: Word, *, office: bool) -> None:
    """Add who signs, where the seal goes, and the day; they stay on the page of the text before."""
    place = "　　　　　　律师事务所（盖章）" if office else "{{ 机构 }}（盖章）"
    above = word.paragraphs[-1]
    above.paragraph_format.keep_with_next = above.paragraph_format.keep_together = True
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
    received = letter.get("received", RECEIVED.replace("%s", letter["title"]))
    body(word, received + letter["slip"])
    body(word, "其他说明（可不填）：")
    for text in (
        "签收人（签名、盖章或捺印）",
        "身份或职务",
        "与收函人的关系",
        "证件号码",
        "联系电话",
    ):
        row = line(word, f"{text}：\t")
        row.paragraph_format.space_before = Pt(10)
        row.paragraph_format.tab_stops.add_tab_stop(Mm(150), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    line(word, "签收日期：＿＿＿＿年＿＿月＿＿日").paragraph_format.space_before = Pt(10)
    small = body(word, "")
    small.paragraph_format.space_before = Pt(16)
    small.paragraph_format.line_spacing = Pt(20)
    hint = small.add_run(
        "日期由签收人亲笔填写。请将本回执签好后交还送达人或寄回：{{ 机构 }}{% if 机构地址 %}，{{ 机构地址 }}{% endif %}。"
    )
    hint.font.size = Pt(12)


def packed(word: Word) -> bytes:
    """Return the file with named fallback fonts, no author, and times that do not change from run to run."""
    word.core_properties.author = ""
    word.core_properties.title = word.core_properties.comments = ""
    raw, target = BytesIO(), BytesIO()
    word.save(raw)
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="{family}"/>'
        "</w:font>"
        for name, (others, family) in FALLBACKS.items()
    )
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            if name == "docProps/thumbnail.jpeg":
                continue
            content = source.read(name)
            if name == "word/fontTable.xml":
                content = content[: content.index(b"<w:font ")] + fonts.encode() + b"</w:fonts>"
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


DEBT: tuple[tuple[str, str, str, str], ...] = (
    ("借据号", "{{ 借据号 }}", "合同号", "{{ 合同号 }}"),
    ("产品", "{{ 产品 }}", "贷款余额", "{{ 余额 }}"),
    ("逾期天数", "{{ 逾期天数 }}", "五级分类", "{{ 五级分类 }}"),
    ("逾期本金", "{{ 本金 }}", "逾期利息", "{{ 利息 }}"),
)
OPINIONS = (
    ("客户经理（申请人）", "{{ 申请人 }}：以上情况属实，已核实还款来源。"),
    ("支行负责人", "□同意上报　□不同意"),
    ("风险管理部门审查", "□方案可行，同意　□不同意"),
    ("有权审批人", "□批准，暂缓至{{ 暂缓至 }}　□不批准，按规定起诉"),
)
Row = tuple[str, ...]


def application() -> Word:
    """Lay the application for deferral out: case, debtors, reason, plan, running rights, opinions and signatures (C9)."""
    word = Document()
    page(word)
    section = word.sections[0]
    section.top_margin, section.bottom_margin, section.footer_distance = Mm(25), Mm(22), Mm(12)
    word.styles["Normal"].font.size = Pt(14)
    word.styles["Normal"].paragraph_format.line_spacing = Pt(25)
    line(word, "{%p if 样张 %}")
    line(word, "样张　未设置行名，不得报送", align=WD_ALIGN_PARAGRAPH.CENTER).runs[0].font.color.rgb = RGBColor(
        0xC0, 0, 0
    )
    line(word, "{%p endif %}")
    heading(word, "暂缓起诉申请")
    line(word, "{{ 编号 }}", align=WD_ALIGN_PARAGRAPH.RIGHT, size=12)
    line(word, "总行风险管理部门：")
    body(
        word,
        "{{ 借款人 }}在{{ 机构 }}的贷款已逾期{{ 逾期天数 }}天，原则上应对全部债务人起诉。"
        "因情况特殊，申请暂缓起诉至{{ 暂缓至 }}，请审查、审批。",
    )
    part(word, "一、贷款和欠款（截至{{ 截止日期 }}，单位：元）")
    grid(word, (), DEBT, (30, 48, 32, 46))
    body(word, "逾期本息合计{{ 合计 }}元（{{ 合计大写 }}）。")
    part(word, "二、全部债务人")
    people = ("{{ 人.身份 }}", "{{ 人.姓名 }}", "{{ 人.证件号码 }}")
    grid(word, ("身份", "姓名（名称）", "证件号码"), looped("人", "债务人", people), (30, 60, 66))
    part(word, "三、暂缓的理由")
    body(word, "{{ 理由 }}")
    part(word, "四、清收方案")
    steps = ("{{ 期.序号 }}", "{{ 期.日期 }}", "{{ 期.金额 }}", "{{ 期.累计 }}")
    grid(word, ("期次", "还款日", "金额（元）", "累计（元）"), looped("期", "方案", steps), (20, 44, 46, 46))
    body(
        word,
        "共{{ 方案期数 }}期，合计{{ 方案合计 }}元（{{ 方案合计大写 }}）。"
        "任何一期过了还款日{{ 宽限天数 }}天仍未还足的，暂缓失效，立即起诉。",
    )
    part(word, "五、暂缓期间要看住的权利")
    body(word, "暂缓起诉不停止诉讼时效、保证期间，届满前须另行保住。")
    line(word, "{%p if 期间 %}")
    rights = ("{{ 权.名称 }}", "{{ 权.对谁 }}", "{{ 权.届满日 }}", "{{ 权.怎样保住 }}")
    grid(word, ("权利", "对谁", "届满日", "怎样保住"), looped("权", "期间", rights), (30, 34, 32, 60))
    line(word, "{%p endif %}")
    part(word, "六、意见和签字")
    signs = [(who, f"{opinion}\n签名：　　　　　　　　　　　　　年　　月　　日") for who, opinion in OPINIONS]
    grid(word, (), signs, (46, 110))
    seal = line(word, "{{ 机构 }}（盖章）", align=WD_ALIGN_PARAGRAPH.RIGHT)
    seal.paragraph_format.space_before, seal.paragraph_format.keep_with_next = Pt(12), True
    line(word, "{{ 申请日期 }}", align=WD_ALIGN_PARAGRAPH.RIGHT).paragraph_format.right_indent = Pt(56)
    return word


def part(word: Word, text: str) -> None:
    """Add the head of a part in 黑体; it stays with what follows."""
    paragraph = line(word, "")
    face_run(paragraph.add_run(text), HEAD)
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.paragraph_format.keep_with_next = True


def looped(name: str, of: str, fields: Row) -> list[Row]:
    """Return the three rows of a loop: its beginning, one line of it, its end."""
    rest = ("",) * (len(fields) - 1)
    return [("{%tr for " + name + " in " + of + " %}", *rest), fields, ("{%tr endfor %}", *rest)]


def grid(word: Word, heads: Row, rows: Sequence[Row], widths: tuple[int, ...]) -> None:
    """Add a table at 12 pt; without heads its first and third columns name what stands beside them."""
    table = word.add_table(rows=0, cols=len(widths))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for values in [*([heads] if heads else []), *rows]:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))  # noqa: SLF001
        for at, (text, width) in enumerate(zip(values, widths, strict=True)):
            target = row.cells[at]
            target.width, target.vertical_alignment = Mm(width), WD_ALIGN_VERTICAL.CENTER
            for nth, one in enumerate(text.split("\n")):
                paragraph = target.paragraphs[0] if nth == 0 else target.add_paragraph()
                run = paragraph.add_run(one)
                run.font.size = Pt(12)
                run.font.bold = values is heads or (not heads and at % 2 == 0)
                paragraph.paragraph_format.line_spacing = Pt(20)
                paragraph.paragraph_format.space_before = Pt(8 if nth else 1)
    if heads:
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))  # noqa: SLF001
    word.add_paragraph().paragraph_format.line_spacing = Pt(4)


if __name__ == "__main__":
    (TARGET / "deferral.docx").write_bytes(packed(application()))
    for kind, letter in LETTERS.items():
        (TARGET / f"{kind}.docx").write_bytes(packed(build(letter)))
        print(TARGET / f"{kind}.docx")
