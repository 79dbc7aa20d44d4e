"""Templates: the seven texts, what a person may change in Word, what is found, and what is never run."""

from __future__ import annotations

import os
import re
import runpy
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import segno
from documents import text_of, word_file
from docx import Document
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.letters.check import check_template
from ccm.letters.printing import print_file
from ccm.letters.sample import extremes, sample
from ccm.letters.template import MissingValueError, compile_template, load, render
from ccm.model import LETTER_TITLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document as Word

    from ccm.errors import Finding

BUILT_IN = Path(__file__).parents[2] / "templates"
GOLDEN = Path(__file__).parent / "golden"
KINDS = list(LETTER_TITLES)
BODY = "word/document.xml"


def built_in(kind: str) -> bytes:
    return (BUILT_IN / f"{kind}.docx").read_bytes()


def rewritten(file: bytes, *pairs: tuple[str, str]) -> bytes:
    """Return a Word file with texts of its body replaced, each of which must be there."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(file)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            content = source.read(name)
            if name == BODY:
                xml = content.decode()
                for before, after in pairs:
                    assert before in xml, before
                    xml = xml.replace(before, after)
                content = xml.encode()
            out.writestr(name, content)
    return target.getvalue()


def members(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(file: bytes, change: Callable[[Word], None]) -> bytes:
    """Return a Word file as it is after someone has opened it, changed it and saved it."""
    word, target = Document(BytesIO(file)), BytesIO()
    change(word)
    word.save(target)
    return target.getvalue()


def checked(file: bytes, kind: str = "loan_overdue") -> list[Finding]:
    return check_template(file, kind, f"{kind}.docx", *extremes(kind))


# ── the seven texts ──


@pytest.mark.parametrize("kind", KINDS)
def test_a_built_in_template_has_nothing_wrong(kind: str) -> None:
    assert checked(built_in(kind), kind) == []


LETTERS = {kind: (kind, sample(kind)) for kind in KINDS} | {
    "acceleration-guarantor": ("acceleration", extremes("acceleration")[0]),
    "lawyer_letter-guarantor": ("lawyer_letter", extremes("lawyer_letter")[0]),
    "loan_overdue-bare": ("loan_overdue", extremes("loan_overdue")[1]),
    "urgent-bare": ("urgent", extremes("urgent")[1]),
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_says_word_for_word_what_was_approved(name: str) -> None:
    """After a change of wording run `CCM_UPDATE_GOLDEN=1 pytest tests/letters`, then read what has changed."""
    kind, fields = LETTERS[name]
    said = text_of(render(load(BUILT_IN / f"{kind}.docx", kind), fields))
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("CCM_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(said, encoding="utf-8")

    assert said == golden.read_text(encoding="utf-8")


def test_the_built_in_templates_are_what_their_script_writes() -> None:
    script = runpy.run_path(str(BUILT_IN.parent / "scripts" / "templates.py"))

    for kind, letter in script["LETTERS"].items():
        written = members(script["packed"](script["build"](letter)))
        assert members(built_in(kind)) == written


def test_the_same_letter_is_the_same_bytes() -> None:
    first, second = (render(load(BUILT_IN / "urgent.docx", "urgent"), sample("urgent")) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("kind", KINDS)
def test_the_return_slip_leaves_its_day_to_whoever_signs(kind: str) -> None:
    said = text_of(render(load(BUILT_IN / f"{kind}.docx", kind), sample(kind)))
    slip = said[said.index("回　　执") :]

    assert "已于＿＿＿＿年＿＿月＿＿日收到" in slip
    assert "签收日期：＿＿＿＿年＿＿月＿＿日" in slip


def test_the_lawyers_letter_is_a_draft_without_the_banks_seal_or_day() -> None:
    said = text_of(render(load(BUILT_IN / "lawyer_letter.docx", "lawyer_letter"), sample("lawyer_letter")))

    assert "代拟稿" in said
    assert "律师事务所（盖章）" in said
    assert "支行（盖章）" not in said
    assert "2026年11月23日" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_without_the_banks_name_is_marked_as_a_sample(kind: str) -> None:
    compiled = load(BUILT_IN / f"{kind}.docx", kind)

    assert "样张　未设置行名，不得寄出" in text_of(render(compiled, {**sample(kind), "样张": True}))
    assert "样张" not in text_of(render(compiled, sample(kind)))


# ── values ──


def test_a_missing_value_is_an_error_that_names_it_and_never_a_blank() -> None:
    compiled = load(BUILT_IN / "loan_overdue.docx", "loan_overdue")
    fields = sample("loan_overdue")
    rows = [{key: value for key, value in row.items() if key != "罚息"} for row in fields["借据"]]

    with pytest.raises(MissingValueError, match="缺少“限期”"):
        render(compiled, {key: value for key, value in fields.items() if key != "限期"})
    with pytest.raises(MissingValueError, match="缺少“罚息”"):
        render(compiled, {**fields, "借据": rows})


def test_markup_in_a_value_stays_text() -> None:
    name = 'A & B <x> "引" {{ 函号 }} {% if %} </w:t></w:r>'
    compiled = load(BUILT_IN / "loan_overdue.docx", "loan_overdue")

    assert name in text_of(render(compiled, {**sample("loan_overdue"), "收件人": name}))


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_name_gives_a_document_that_opens_and_reads_in_one_direction(name: str) -> None:
    compiled = load(BUILT_IN / "repayment.docx", "repayment")

    said = text_of(render(compiled, {**sample("repayment"), "收件人": f"甲{name}乙"}))

    assert "还款通知书" in said
    assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069\u200e\u200f]", said)


def test_marks_that_turn_the_reading_direction_are_left_out() -> None:
    compiled = load(BUILT_IN / "repayment.docx", "repayment")

    said = text_of(render(compiled, {**sample("repayment"), "收件人": "张\u202e三\x07\u200f\ud800"}))

    assert "张三（居民身份证号码" in said


# ── the sandbox ──


@pytest.mark.parametrize(
    "trick",
    [
        "{{ 函号.__class__ }}",
        "{{ 函号.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''.__class__ }}",
        "{{ '{0.__class__}'.format(函号) }}",
        "{{ 借据[0] }}",
        "{{ self }}",
        "{{ 收件人|safe }}",
        "{% autoescape false %}{{ 收件人 }}{% endautoescape %}",
        "{{ range(1000000000) }}",
        "{% for x in range(1000000000) %}x{% endfor %}",
        "{% for x in (1,2,3) %}x{% endfor %}",
        "{{ 函号 * 1000000000 }}",
        "{{ 10 ** 10 ** 8 }}",
        "{{ 函号|center(1000000000) }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ 借据|join(借据|join(借据|join)) }}",
        "{% set a = 函号 ~ 函号 %}{{ a }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for 借 in 借据 recursive %}{{ loop(借据) }}{% endfor %}",
        "{% for a in 借据 %}{% for b in 借据 %}{{ b.借据号 }}{% endfor %}{% endfor %}",
        "{% for a in 借据 %}{% if a %}{% for b in 借据 %}x{% endfor %}{% endif %}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as p %}",
        "{% from '/etc/passwd' import p %}",
        "{% extends '/etc/passwd' %}",
        "{% block b %}x{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% with a = 函号 %}{{ a }}{% endwith %}",
        *(f"{{{{ {'not ' * depth}函号 }}}}" for depth in (150, 300, 1000, 20_000)),
        f"{{{{ {'(' * 5000}函号{')' * 5000} }}}}",
        f"{'{% if 函号 %}' * 200}x{'{% endif %}' * 200}",
    ],
)
def test_what_a_letter_has_no_need_of_is_refused_at_once(trick: str) -> None:
    file, started = word_file(trick), time.process_time()

    with pytest.raises(CcmError) as refused:
        compile_template(file, "loan_overdue", "坏.docx")

    assert time.process_time() - started < 2
    assert refused.value.code == "template-broken"
    assert re.search("[一-龥]{4}", refused.value.message)


def test_a_comparison_that_makes_no_sense_is_told_and_not_a_traceback() -> None:
    compiled = compile_template(word_file("{% if 借据 > 3 %}x{% endif %}"), "loan_overdue", "坏.docx")

    with pytest.raises(CcmError, match="模板不能用"):
        render(compiled, sample("loan_overdue"))


def test_the_largest_letter_a_template_can_make_grows_with_the_notes_only() -> None:
    loops = "{% for 借 in 借据 %}{{ 借.借据号 }}{% endfor %}" * 50
    fields = sample("loan_overdue")
    many = {**fields, "借据": fields["借据"] * 500}

    assert len(text_of(render(compile_template(word_file(loops), "loan_overdue", "x.docx"), many))) < 1_000_000


# ── checking what was edited ──


def codes(file: bytes, kind: str = "loan_overdue") -> list[str]:
    return [one.code for one in checked(file, kind)]


def test_an_unknown_field_is_found_with_its_sentence_and_the_near_name() -> None:
    found = checked(rewritten(built_in("loan_overdue"), ("{{ 收件人 }}{% if", "{{ 收件人 }}{{ 收件人名 }}{% if")))

    assert [one.code for one in found] == ["template-field-unknown"]
    assert "“收件人名”不是可用的字段：是不是 收件人？" in found[0].message
    assert "居民" not in found[0].message


def test_an_unknown_field_of_a_row_is_found_whatever_the_row_is_called() -> None:
    row = ("for 借 in 借据", "for 行 in 借据")
    renamed = rewritten(built_in("loan_overdue"), row, ("{{ 借.", "{{ 行."))
    wrong = rewritten(built_in("loan_overdue"), row, ("{{ 借.", "{{ 行."), ("行.年利率", "行.利率"))

    assert checked(renamed) == []
    assert ["“借.利率”不是可用的字段：是不是 借.年利率" in one.message for one in checked(wrong)] == [True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_each_part_a_letter_must_have_is_missed(kind: str) -> None:
    for words, part in (
        ("异议", "“异议”"),
        ("一式两份", "“一式两份”"),
        ("（盖章）", "“（盖章）”"),
        ("{{ 限期 }}", "{{ 限期 }}"),
        ("{{ 还款账户 }}", "{{ 还款账户 }}"),
        ("{{ 借.逾期本金 }}", "{{ 借.逾期本金 }}"),
    ):
        found = checked(rewritten(built_in(kind), (words, "")), kind)
        assert [f"缺少字段 {part}" in one.message or f"缺少{part}" in one.message for one in found] == [True], words


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("{%tr endfor %}", "", "“{% for 借 in 借据 %}”附近：后面缺少对应的 endfor"),
        ("{%tr for 借 in 借据 %}", "", "“{% endfor %}”附近：前面没有对应的 for"),
        ("{% endif %}", "", "“{% if 证件 %}”附近：后面缺少对应的 endif"),
        ("{{ 催收次数 }}", "{{ 催收 次数 }}", "“{{ 催收 次数 }}”附近：“次数”放错了地方"),
        ("{{ 催收次数 }}", "{{ }}", "“{{ }}”附近：标签写法不对"),
    ],
)
def test_a_broken_loop_or_tag_is_found_where_it_stands(before: str, after: str, told: str) -> None:
    found = checked(rewritten(built_in("loan_overdue"), (before, after)))

    assert [one.code for one in found] == ["template-loop"] * len(found)
    assert told in found[0].message


PROOF = '<w:proofErr w:type="spellStart"/>'


@pytest.mark.parametrize(
    "pieces",
    [
        ("{{ ", "催收次数", " }}"),
        ("{", "{ 催收次数 }", "}"),
        ("{{ 催收", "次数 }}"),
    ],
)
def test_a_tag_that_words_spelling_check_cut_is_joined_again(pieces: tuple[str, ...]) -> None:
    cut = f"</w:t></w:r>{PROOF}<w:r><w:rPr><w:b/></w:rPr><w:t>".join(pieces)
    file = rewritten(built_in("loan_overdue"), ("{{ 催收次数 }}", cut))

    assert checked(file) == []
    assert "第3次书面通知" in text_of(render(compile_template(file, "loan_overdue", "x"), sample("loan_overdue")))


@pytest.mark.parametrize(
    "broken",
    [
        "{{ 催收</w:t></w:r></w:p><w:p><w:r><w:t>次数 }}",  # someone pressed Enter in it
        "{{ 催收次数 }",
        "{ 催收次数 }",
        "｛｛ 催收次数 ｝｝",  # typed with a Chinese keyboard
        "{{ 催收次数 ｝}",
    ],
)
def test_a_tag_that_cannot_be_joined_is_found(broken: str) -> None:
    assert "template-tag" in codes(rewritten(built_in("loan_overdue"), ("{{ 催收次数 }}", broken)))


def test_revisions_and_comments_that_would_go_out_are_found() -> None:
    end = "次书面通知。明细如下："
    deleted = f'</w:t></w:r><w:del w:id="1" w:author="某人"><w:r><w:delText>{end}</w:delText></w:r></w:del><w:r><w:t>'
    comment = f'{end}</w:t></w:r><w:r><w:commentReference w:id="1"/></w:r><w:r><w:t>'

    for marked in (deleted, comment):
        assert codes(rewritten(built_in("loan_overdue"), (end, marked))) == ["template-revision"]


def test_a_part_that_stands_only_in_deleted_text_is_missed() -> None:
    gone = (
        '</w:t></w:r><w:del w:id="1" w:author="某人"><w:r><w:delText>本函一式两份</w:delText></w:r></w:del><w:r><w:t>'
    )

    found = checked(rewritten(built_in("loan_overdue"), ("本函一式两份", gone)))

    assert [one.code for one in found] == ["template-revision", "template-part-missing"]


def test_a_field_that_not_every_letter_has_must_stand_in_a_condition() -> None:
    bare = rewritten(built_in("acceleration"), ("{% if 保证合同 %}我行同时请求贵方承担保证责任：{% endif %}",
                                                "我行同时请求贵方承担保证责任（{{ 保证合同 }}）："))  # fmt: skip

    assert [(one.code, "{% if 保证合同 %}" in one.hint) for one in checked(bare, "acceleration")] == [
        ("template-condition", True)
    ]


def test_a_field_of_another_kind_of_letter_is_found() -> None:
    found = checked(rewritten(built_in("loan_overdue"), ("{{ 催收次数 }}", "{{ 催收次数 }}{{ 条款 }}")))

    assert [(one.code, "这种函没有这一项" in one.message) for one in found] == [("template-field-unknown", True)]


def test_what_a_print_file_cannot_take_is_found() -> None:
    note = '</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>'

    assert codes(rewritten(built_in("loan_overdue"), ("明细如下：", f"明细如下：{note}"))) == ["template-forbidden"]


# ── edited as a person would ──


def picture() -> BytesIO:
    target = BytesIO()
    segno.make("清水农商行").save(target, kind="png", scale=4)
    target.seek(0)
    return target


def with_logo(word: Word) -> None:
    word.paragraphs[0].insert_paragraph_before().add_run().add_picture(picture(), width=Mm(20))
    run = next(
        run for one in word.paragraphs for run in one.runs if "权利声明" not in run.text and "我行将按合同" in run.text
    )
    run.text = run.text.replace("我行将按合同约定", "本行将严格按合同约定")
    word.styles["Normal"].font.name = "楷体"


def with_head(word: Word) -> None:
    head = word.sections[0].header
    head.is_linked_to_previous = False
    head.paragraphs[0].add_run().add_picture(picture(), width=Mm(20))
    head.paragraphs[0].add_run("{{ 函号 }}")


def test_a_template_with_a_logo_another_sentence_and_another_font_still_works() -> None:
    file = edited(built_in("loan_overdue"), with_logo)

    letter = render(compile_template(file, "loan_overdue", "x"), sample("loan_overdue"))

    assert checked(file) == []
    assert "本行将严格按合同约定计收罚息" in text_of(letter)
    word = Document(BytesIO(letter))
    assert len(word.inline_shapes) == 1
    assert word.styles["Normal"].font.name == "楷体"
    with zipfile.ZipFile(BytesIO(letter)) as archive:
        assert picture().getvalue() in [archive.read(one) for one in archive.namelist() if "media/" in one]


def test_a_logo_and_a_field_in_the_head_line_reach_the_letter() -> None:
    file = edited(built_in("loan_overdue"), with_head)

    letter = render(compile_template(file, "loan_overdue", "x"), sample("loan_overdue"))

    assert checked(file) == []
    assert "〔页眉〕清农城催〔2026〕12号" in text_of(letter)


def printed(path: Path, *letters: tuple[str, bytes]) -> Path:
    """Print one sample letter from each of these templates."""
    compiled = [compile_template(file, kind, f"{kind}.docx") for kind, file in letters]
    fields: list[dict[str, Any]] = [{**sample(one.kind), "函号": f"〔2026〕{n}号"} for n, one in enumerate(compiled, 1)]
    digests = [one.digest for one in compiled]
    print_file(path, zip(digests, fields, strict=True), {one.digest: one for one in compiled})
    return path


@pytest.mark.parametrize("order", [(0, 1, 0), (1, 0, 0), (1, 1, 0)])
def test_an_edited_template_prints_beside_one_that_was_not(order: tuple[int, ...], tmp_path: Path) -> None:
    choice = (("guarantor_perform", built_in("guarantor_perform")),
              ("loan_overdue", edited(edited(built_in("loan_overdue"), with_logo), with_head)))  # fmt: skip

    word = Document(str(printed(tmp_path / "print.docx", *(choice[one] for one in order))))

    assert len(word.inline_shapes) == sum(order)
    pictures = [part.blob for part in word.part.package.iter_parts() if "/media/" in part.partname]
    assert pictures.count(picture().getvalue()) == len(pictures) > 0
    for nth, (which, section) in enumerate(zip(order, word.sections, strict=True), start=1):
        said = "".join(one.text for one in section.header.paragraphs)
        assert said == (f"〔2026〕{nth}号" if which else "")
        assert ("graphic" in section.header._element.xml) == bool(which)  # noqa: SLF001
    fonts = [one.font.name for one in word.styles if one.name == "Normal"]
    assert set(fonts) == {"仿宋", "楷体"}
    identities = re.findall(r'<wp:docPr[^>]*?\bid="(\d+)"', word.element.xml)
    assert len(set(identities)) == len(identities) == sum(order)


def as_word_saves(word: Word) -> None:
    """Number the points by Word's own lists, as Word does when someone types 一、 and presses Enter."""
    number = re.findall(r'w:numId="(\d+)"', word.part.numbering_part.element.xml)[0]
    for one in word.paragraphs:
        if re.match("[一二三四]、", one.text):
            one._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = int(number)  # noqa: SLF001


def test_numbered_points_begin_anew_in_every_letter(tmp_path: Path) -> None:
    file = edited(built_in("loan_overdue"), as_word_saves)

    word = Document(str(printed(tmp_path / "print.docx", *[("loan_overdue", file)] * 2)))

    used = re.findall(r'<w:numId w:val="(\d+)"', word.element.xml)
    assert [used.count(one) for one in dict.fromkeys(used)] == [4, 4]
    lists = word.part.numbering_part.element.xml
    for one in set(used):
        defined = re.findall(rf'<w:num w:numId="{one}">.*?</w:num>', lists, re.DOTALL)
        assert len(defined) == 1
        assert '<w:startOverride w:val="1"/>' in defined[0]


def test_namespaces_that_only_one_template_knows_do_not_break_the_print_file(tmp_path: Path) -> None:
    new = 'xmlns:w16cid="http://schemas.microsoft.com/office/word/2016/wordml/cid" mc:Ignorable="w14 w16cid wp14"'
    file = rewritten(built_in("urgent"), ('mc:Ignorable="w14 wp14"', new), ("<w:p>", '<w:p w16cid:paraId="1">'))

    said = text_of(printed(tmp_path / "print.docx", ("repayment", built_in("repayment")), ("urgent", file)))

    assert said.count("紧急通知函") == 2


def test_the_workspaces_own_template_is_the_one_that_is_used(ccm: Callable[..., Any], tmp_path: Path) -> None:
    ccm("init", tmp_path, "--bank", "清水农商行", "--branch", "城关支行")
    own = tmp_path / "templates" / "repayment.docx"
    own.write_bytes(rewritten(own.read_bytes(), ("请贵方留意", "温馨提示")))

    assert ccm("template", "check").exit_code == 0
    assert ccm("template", "preview", "repayment", "--out", tmp_path / "p.docx").exit_code == 0

    assert "温馨提示" in text_of(tmp_path / "p.docx")
    own.write_bytes(rewritten(own.read_bytes(), ("{{ 限期 }}", "月底")))
    result = ccm("template", "check")
    assert result.exit_code == 4
    assert "缺少字段 {{ 限期 }}" in result.stdout
