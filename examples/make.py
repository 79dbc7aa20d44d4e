"""Make the example ledgers of a made-up bank; the seed is fixed, so the files hold the same loans each time.

    python examples/make.py

Every name, number, phone and address is invented; identity numbers carry valid check digits.
"""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
DATA_ON = date(2026, 11, 20)
RANDOM = random.Random(20261120)

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = [
    "建国",
    "桂英",
    "秀兰",
    "志强",
    "海燕",
    "国庆",
    "春梅",
    "德福",
    "小军",
    "玉珍",
    "文斌",
    "丽华",
    "长生",
    "金凤",
    "卫东",
    "雪梅",
]
VILLAGES = [
    "柳溪镇石桥村",
    "柳溪镇大塘村",
    "清河镇东关村",
    "清河镇杨家坪村",
    "云台乡新田村",
    "城关街道解放社区",
    "城关街道文化路社区",
]
BRANCHES = {"柳溪支行": ["何志远", "陶敏"], "清河支行": ["许建明"], "城关支行": ["姜晓琳", "沈立新"]}
OCCUPATIONS = ["农民", "个体工商户", "教师", "普通职员", "企业家", "退休工人", "医师", "营销人员"]
LOANS = ["农户小额信用贷款", "个人经营贷款", "个人住房按揭贷款", "流动资金贷款", "个人消费贷款"]
COMPANIES = [
    "云台茶业有限公司",
    "柳溪水泥制品厂",
    "清河粮油专业合作社",
    "城关建材商行",
    "石桥生态养殖有限公司",
]

LOAN_HEADERS = [
    "序号", "借据号", "客户名称", "证件号码", "客户类型", "产品名称", "支行", "客户经理", "联系电话", "联系地址",
    "职业",
    "合同号", "发放日期", "到期日期", "贷款金额（元）", "贷款余额（元）", "拖欠本金", "本金逾期日期", "本金逾期天数",
    "拖欠利息", "最早欠息日期", "欠息天数", "五级分类", "担保方式", "累计逾期次数", "共同借款人",
    "共同借款人地址", "提前到期条款", "年利率（%）", "罚息上浮比例", "结息方式",
]  # fmt: skip
GUARANTOR_HEADERS = [
    "借据号",
    "保证人姓名",
    "证件号码",
    "联系电话",
    "联系地址",
    "保证方式",
    "保证合同号",
    "保证期间届满日",
]
CARD_HEADERS = [
    "信用卡账号", "持卡人", "证件号码", "卡种", "支行", "客户经理", "手机号码", "账单地址", "透支余额", "逾期本金",
    "逾期利息", "逾期日期", "逾期天数", "累计逾期次数", "保证人1", "保证人1电话", "保证人1地址",
]  # fmt: skip

# Days past due of principal and of interest on DATA_ON; None is not overdue, "due" falls due three days later.
LOAN_STANDINGS = [
    (None, None), (None, None), (None, None), (None, None), (None, None), (None, None),
    ("due", None), ("due", None),
    (None, 0), (None, 1), (None, 5), (3, 3), (8, None), (12, 20), (None, 24), (26, 26), (27, 40),
    (None, 28), (30, 30), (None, 31), (33, 12), (45, 60), (None, 44), (57, 57), (None, 55), (58, 58),
    (None, 60), (None, 66), (61, 61), (75, 75), (None, 83), (86, 90), (None, 88), (62, None),
    (90, 90), (91, 91), (None, 95), (120, 130), (180, 180), (270, 270), (275, 300), (361, 361), (720, 720),
]  # fmt: skip
CARD_STANDINGS = [None, None, None, 2, 15, 29, 30, 31, 44, 59, 60, 62, 89, 90, 92, 121, 181, 200]


def identity(company: bool = False) -> str:
    """Return an invented number with a valid check character."""
    if company:
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        code = "9143" + "0000" + "".join(RANDOM.choice("0123456789") for _ in range(8)) + RANDOM.choice(alphabet)
        total = sum(alphabet.index(char) * (3**place % 31) for place, char in enumerate(code))
        return code + alphabet[(31 - total % 31) % 31]
    born = date(1958, 1, 1) + timedelta(days=RANDOM.randrange(15000))
    body = f"430000{born:%Y%m%d}{RANDOM.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def person() -> str:
    return RANDOM.choice(SURNAMES) + RANDOM.choice(GIVEN)


def phone() -> str:
    return f"1{RANDOM.choice('3578')}{RANDOM.randrange(10**9):09d}"


def address() -> str:
    return f"清水县{RANDOM.choice(VILLAGES)}{RANDOM.randrange(1, 13)}组{RANDOM.randrange(1, 120)}号"


def before(days: int | None) -> date | None:
    return None if days is None else DATA_ON - timedelta(days=days)


def loan(number: int, principal: int | str | None, interest: int | None) -> dict[str, object]:
    """Return one row of the loan sheet, at the standing asked for."""
    company = number % 9 == 0
    branch = RANDOM.choice(list(BRANCHES))
    amount = RANDOM.choice([30000, 50000, 80000, 120000, 200000, 300000, 500000, 1500000]) * (4 if company else 1)
    balance = round(amount * RANDOM.choice([1, 1, 0.8, 0.65, 0.5]), 2)
    overdue_days = principal if isinstance(principal, int) else None
    due_on = before(overdue_days) or (DATA_ON + timedelta(days=3 if principal == "due" else RANDOM.randrange(90, 900)))
    security = ["信用", "保证", "保证", "抵押", "保证+抵押"][number % 5]
    return {
        "序号": number,
        "借据号": f"0062{2023 + number % 4}{number:06d}",
        "客户名称": COMPANIES[number // 9 % len(COMPANIES)] if company else person(),
        "证件号码": identity(company),
        "客户类型": "企业" if company else "个人",
        "产品名称": "流动资金贷款" if company else RANDOM.choice(LOANS),
        "支行": branch,
        "客户经理": RANDOM.choice(BRANCHES[branch]),
        "联系电话": phone(),
        "联系地址": address(),
        "职业": "" if company else RANDOM.choice(OCCUPATIONS),
        "合同号": f"清农商借字〔{2023 + number % 4}〕{number:04d}号",
        "发放日期": min(due_on - timedelta(days=RANDOM.choice([365, 730, 1095])), DATA_ON - timedelta(days=120)),
        "到期日期": due_on,
        "贷款金额（元）": amount,
        "贷款余额（元）": balance,
        "拖欠本金": balance if overdue_days is not None else 0,
        "本金逾期日期": before(overdue_days),
        "本金逾期天数": overdue_days or 0,
        "拖欠利息": round(balance * (interest + 30) * 0.00021, 2) if interest is not None else 0,
        "最早欠息日期": before(interest),
        "欠息天数": interest or 0,
        "五级分类": tier(max(overdue_days or 0, interest or 0)),
        "担保方式": security,
        "累计逾期次数": RANDOM.choice([0, 0, 1, 2, 4]),
        "共同借款人": person() if number % 7 == 3 and not company else "",
        "共同借款人地址": "清水县柳溪镇石桥村3组21号" if number % 7 == 3 and number % 2 and not company else "",
        "提前到期条款": "" if number % 11 == 7 else "第八条第二款",
        "年利率（%）": 7.56,
        "罚息上浮比例": None if number % 13 == 5 else 0.7 if number % 29 == 2 else 0.5,
        "结息方式": "按月结息",
    }


def tier(days: int) -> str:
    bounds = [(361, "损失"), (271, "可疑"), (91, "次级"), (1, "关注")]
    return next((label for bound, label in bounds if days >= bound), "正常")


def guarantors(row: dict[str, object]) -> list[dict[str, object]]:
    """Return one to three guarantors where the loan has any."""
    if "保证" not in str(row["担保方式"]):
        return []
    return [
        {
            "借据号": row["借据号"], "保证人姓名": person(), "证件号码": identity(), "联系电话": phone(),
            "联系地址": address(), "保证方式": "一般保证" if nth == 2 else "连带责任保证",
            "保证合同号": str(row["合同号"]).replace("借字", "保字"),
            "保证期间届满日": until(row, nth),
        }
        for nth in range(RANDOM.choice([1, 1, 2, 3]))
    ]  # fmt: skip


def until(row: dict[str, object], nth: int) -> date | None:
    """Three years after the due date; one guarantee in nine is over, and one guarantor's contract does not say."""
    if int(str(row["序号"])) % 9 == 4:
        return DATA_ON - timedelta(days=40)
    due_on = row["到期日期"]
    return None if nth == 1 or not isinstance(due_on, date) else due_on + timedelta(days=1095)


def card(number: int, days: int | None) -> dict[str, object]:
    branch = RANDOM.choice(list(BRANCHES))
    balance = RANDOM.randrange(200_000, 5_000_000) / 100
    guaranteed = number % 3 == 0
    return {
        "信用卡账号": f"62998800{number:08d}", "持卡人": person(), "证件号码": identity(),
        "卡种": RANDOM.choice(["福祥信用卡", "公务信用卡"]),
        "支行": branch, "客户经理": RANDOM.choice(BRANCHES[branch]), "手机号码": phone(), "账单地址": address(),
        "透支余额": balance, "逾期本金": 0 if days is None else round(balance * 0.4, 2),
        "逾期利息": 0 if days is None else round(balance * days * 0.0005, 2), "逾期日期": before(days),
        "逾期天数": days or 0, "累计逾期次数": RANDOM.choice([0, 1, 3]),
        "保证人1": person() if guaranteed else "", "保证人1电话": phone() if guaranteed else "",
        "保证人1地址": address() if guaranteed else "",
    }  # fmt: skip


def fill(
    sheet: Worksheet, title: str | None, headers: list[str], rows: list[dict[str, object]], *, total: str = ""
) -> None:
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headers))
        sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
        sheet.append([f"数据日期：{DATA_ON}", "", "", "单位：元"])
    sheet.append(headers)
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    for row in rows:
        sheet.append([row[header] if row[header] != "" else None for header in headers])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
            elif isinstance(cell.value, float):
                cell.number_format = "#,##0.00"
    if total:
        sheet.append(
            [
                None,
                "合计",
                *[None] * 12,
                *(sum(row[h] for row in rows if isinstance(row[h], int | float)) for h in headers[14:17]),
            ]
        )
    for number, header in enumerate(headers, start=1):
        sheet.column_dimensions[sheet.cell(1 if not title else 3, number).column_letter].width = max(
            10, len(header) * 2 + 4
        )


def write(
    path: Path,
    loans: list[dict[str, object]],
    people: list[dict[str, object]],
    cards: list[dict[str, object]],
) -> None:
    book = Workbook()
    book.properties.created = book.properties.modified = datetime(2026, 11, 20, 18, 0)  # noqa: DTZ001 - a file's property
    sheet = book.active
    sheet.title = "贷款台账"
    fill(sheet, "清水农村商业银行贷款台账", LOAN_HEADERS, loans, total="合计")
    fill(book.create_sheet("保证人"), None, GUARANTOR_HEADERS, people)
    fill(book.create_sheet("信用卡"), "清水农村商业银行信用卡透支台账", CARD_HEADERS, cards)
    book.save(path)


MISTAKES: list[tuple[int, str, object]] = [
    (2, "证件号码", "43000019700101001X"),  # wrong check character
    (4, "联系电话", "138001380"),  # too short
    (8, "产品名称", "云闪通"),  # neither loan nor card by its name
    (10, "拖欠利息", "壹佰元"),  # an amount in words
    (11, "最早欠息日期", "2026-02-30"),  # no such day
    (12, "本金逾期日期", "05/06/2026"),  # two readings
    (13, "拖欠本金", -500),  # negative
    (14, "借据号", 622202123456789012),  # a number: digits are lost
    (16, "借据号", None),  # missing
    (17, "客户名称", None),  # missing
    (18, "最早欠息日期", date(2027, 1, 15)),  # in the future
    (19, "拖欠本金", 99999999),  # above the balance
    (20, "欠息天数", 310),  # contradicts the date
    (21, "发放日期", date(2028, 1, 1)),  # after the due date
    (22, "拖欠本金", "#N/A"),  # an error cell
    (23, "拖欠利息", "=T4+1"),  # a formula whose result was never stored
    (24, "证件号码", 430000197001010012),  # a number: digits are lost
    (26, "欠息天数", "三十天"),  # a count in words
    (28, "贷款余额（元）", "见附件"),  # text for an amount
    (30, "本金逾期日期", "26-9-6"),  # a year of two digits
    (31, "贷款金额（元）", "约8万"),  # unreadable, but decides nothing
    (32, "累计逾期次数", "多次"),  # unreadable, but decides nothing
    (33, "发放日期", "去年"),  # unreadable, but decides nothing
    (36, "到期日期", "9月底"),  # no day
]


def spoil(
    loans: list[dict[str, object]], people: list[dict[str, object]]
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the same ledger with about 25 mistakes of the kinds that banks' tables have."""
    bad = [dict(row) for row in loans]
    for number, header, value in MISTAKES:
        bad[number - 1][header] = value
    bad[41]["借据号"] = bad[40]["借据号"]  # one number, two loans
    bad.append(dict(bad[28]))  # a row pasted twice
    others = [dict(row) for row in people]
    others[0]["联系地址"] = ""
    others[3]["借据号"] = "00629999000001"  # a guarantor of no loan
    return bad, others


def write_csv(path: Path, loans: list[dict[str, object]], people: list[dict[str, object]]) -> None:
    """Write the loan sheet as a Windows program would: GB18030, comma, guarantors in one cell."""
    names: dict[object, list[str]] = {}
    for row in people:
        names.setdefault(row["借据号"], []).append(str(row["保证人姓名"]))
    with path.open("w", encoding="gb18030", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*LOAN_HEADERS, "保证人"])
        for row in loans:
            rows.writerow(
                [
                    *(row[h] if row[h] is not None else "" for h in LOAN_HEADERS),
                    "、".join(names.get(row["借据号"], [])),
                ]
            )


def main() -> None:
    loans = [
        loan(number, *standing) for number, standing in enumerate([*LOAN_STANDINGS, *LOAN_STANDINGS[8:28]], start=1)
    ]
    people = [one for row in loans for one in guarantors(row)]
    cards = [card(number, days) for number, days in enumerate(CARD_STANDINGS, start=1)]
    write(HERE / "ledger.xlsx", loans, people, cards)
    bad, others = spoil(loans, people)
    write(HERE / "ledger-dirty.xlsx", bad, others, cards)
    write_csv(HERE / "ledger-gbk.csv", loans, people)
    print(f"{len(loans)} loans, {len(people)} guarantors, {len(cards)} cards")


if __name__ == "__main__":
    main()
