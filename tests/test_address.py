"""Addresses in parts: nothing lost, nothing made up, and what cannot be told left blank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.address import Address, Home, split
from ccm.places import places

HOME = Home("甘肃省", "天水市", "清水县")
NOWHERE = Home()
ALL = sorted({place for found in places().by_name.values() for place in found})
NOW = [place for place in ALL if place not in places().former]
SORTABLE = [place for place in NOW if len(place) == 3 or (len(place) == 2 and place not in places().divided)]
STREETS = st.sampled_from(
    ["柳溪镇石桥村1组8号", "人民路1号", "县府街3号", "场部路2号", "红旗街道3号楼2单元101室", "工业园8号"]
)


def parts(address: Address) -> tuple[str, str, str, str]:
    return address.province, address.city, address.district, address.street


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # in full, in short, with county towns, municipalities and regions
        ("甘肃省天水市清水县柳溪镇石桥村1组8号", ("甘肃省", "天水市", "清水县", "柳溪镇石桥村1组8号")),
        ("甘肃天水清水县柳溪镇石桥村", ("甘肃省", "天水市", "清水县", "柳溪镇石桥村")),
        ("甘肃天水清水柳溪镇石桥村", ("甘肃省", "天水市", "清水县", "柳溪镇石桥村")),
        ("北京市朝阳区建国路1号", ("北京市", "北京市", "朝阳区", "建国路1号")),
        ("北京市北京市朝阳区建国路1号", ("北京市", "北京市", "朝阳区", "建国路1号")),
        ("上海浦东新区世纪大道1号", ("上海市", "上海市", "浦东新区", "世纪大道1号")),
        ("重庆市城口县葛城街道", ("重庆市", "重庆市", "城口县", "葛城街道")),
        ("重庆市县城口县葛城街道", ("重庆市", "重庆市", "城口县", "葛城街道")),
        ("天津市市辖区河东区八纬路", ("天津市", "天津市", "河东区", "八纬路")),
        ("内蒙古锡林郭勒盟锡林浩特市团结大街", ("内蒙古自治区", "锡林郭勒盟", "锡林浩特市", "团结大街")),
        ("内蒙古自治区呼伦贝尔市鄂温克旗巴彦托海镇", ("内蒙古自治区", "呼伦贝尔市", "鄂温克族自治旗", "巴彦托海镇")),
        ("广西南宁市青秀区民族大道", ("广西壮族自治区", "南宁市", "青秀区", "民族大道")),
        ("新疆喀什市人民东路", ("新疆维吾尔自治区", "喀什地区", "喀什市", "人民东路")),
        ("四川省凉山州西昌市北街1号", ("四川省", "凉山彝族自治州", "西昌市", "北街1号")),
        ("青海省海南州共和县恰卜恰镇", ("青海省", "海南藏族自治州", "共和县", "恰卜恰镇")),
        ("张家川县马鹿镇", ("甘肃省", "天水市", "张家川回族自治县", "马鹿镇")),
        # counties of a city's name, county-level cities, cities without counties
        ("长沙县星沙街道开元路1号", ("湖南省", "长沙市", "长沙县", "星沙街道开元路1号")),
        ("吉林省通化县快大茂镇", ("吉林省", "通化市", "通化县", "快大茂镇")),
        ("吉林省吉林市船营区河南街", ("吉林省", "吉林市", "船营区", "河南街")),
        ("辽宁朝阳朝阳县柳城街道", ("辽宁省", "朝阳市", "朝阳县", "柳城街道")),
        ("浙江省义乌市稠城街道", ("浙江省", "金华市", "义乌市", "稠城街道")),
        ("金华义乌稠城街道", ("浙江省", "金华市", "义乌市", "稠城街道")),
        ("广东省东莞市长安镇振安路1号", ("广东省", "东莞市", "", "长安镇振安路1号")),
        ("湖北省仙桃市干河街道", ("湖北省", "仙桃市", "", "干河街道")),
        ("湖北省省直辖县级行政区划仙桃市干河街道", ("湖北省", "仙桃市", "", "干河街道")),
        ("海南省陵水县椰林镇", ("海南省", "陵水黎族自治县", "", "椰林镇")),
        ("新疆兵团第八师石河子市121团", ("新疆维吾尔自治区", "石河子市", "", "兵团第八师石河子市121团")),
        ("新疆维吾尔自治区自治区直辖县级行政区划石河子市北泉镇", ("新疆维吾尔自治区", "石河子市", "", "北泉镇")),
        # former names, zones, what systems write twice
        ("河北省定州市人民路1号", ("河北省", "保定市", "定州市", "人民路1号")),
        ("安徽省巢湖市居巢区人民路1号", ("安徽省", "巢湖市", "居巢区", "人民路1号")),
        ("海南省定安县新区大道1号", ("海南省", "定安县", "", "新区大道1号")),
        ("湖南省长沙市望城县高塘岭镇", ("湖南省", "长沙市", "望城县", "高塘岭镇")),
        ("甘肃省陇南地区西和县汉源镇", ("甘肃省", "陇南地区", "西和县", "汉源镇")),
        ("山东省济南市高新区舜华路1号", ("山东省", "济南市", "高新区", "舜华路1号")),
        ("苏州工业园区星湖街1号", ("江苏省", "苏州市", "工业园区", "星湖街1号")),
        ("甘肃省天水市清水县甘肃省天水市清水县柳溪镇", ("甘肃省", "天水市", "清水县", "柳溪镇")),
        ("甘肃省天水市 甘肃省天水市清水县柳溪镇", ("甘肃省", "天水市", "清水县", "柳溪镇")),
        ("地址：741400 中国甘肃省，天水市-清水县 柳溪镇", ("甘肃省", "天水市", "清水县", "柳溪镇")),
        ("甘肃省天水市市辖区秦州区中华西路", ("甘肃省", "天水市", "秦州区", "中华西路")),
        ("山西省晋城市城区北街街道", ("山西省", "晋城市", "城区", "北街街道")),
        ("清水县委家属院", ("甘肃省", "天水市", "清水县", "清水县委家属院")),
    ],
)  # fmt: skip
def test_an_address_that_tells_enough_is_split(text: str, expected: tuple[str, str, str, str]) -> None:
    address = split(text, NOWHERE)
    assert parts(address) == expected
    assert address.complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市中区人民路1号", ("", "", "市中区", "人民路1号")),
        ("朝阳区人民路1号", ("", "", "朝阳区", "人民路1号")),
        ("江苏省鼓楼区中山路", ("江苏省", "", "鼓楼区", "中山路")),
        ("甘肃省天水市人民路1号", ("甘肃省", "天水市", "", "人民路1号")),
        ("甘肃省柳溪镇1号", ("甘肃省", "", "", "柳溪镇1号")),
        ("云岭县红旗镇三村", ("", "", "云岭县", "红旗镇三村")),
        ("云州市云岭县红旗镇三村", ("", "云州市", "云岭县", "红旗镇三村")),
        ("兵团第六师102团", ("新疆维吾尔自治区", "", "", "兵团第六师102团")),
        ("清水县北京市朝阳区建国路", ("甘肃省", "天水市", "清水县", "北京市朝阳区建国路")),
        ("清水县", ("甘肃省", "天水市", "清水县", "")),
        ("不详", ("", "", "", "不详")),
        ("", ("", "", "", "")),
    ],
)
def test_what_cannot_be_told_stays_blank_and_is_not_complete(text: str, expected: tuple[str, str, str, str]) -> None:
    address = split(text, HOME)
    assert parts(address) == expected
    assert not address.complete


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("柳溪镇石桥村1组8号", ("province", "city", "district")),
        ("清水县柳溪镇石桥村1组8号", ("province", "city")),
        ("天水市清水县柳溪镇石桥村1组8号", ("province",)),
        ("甘肃省清水县柳溪镇石桥村1组8号", ("city",)),
        ("甘肃省天水市清水县柳溪镇石桥村1组8号", ()),
    ],
)
def test_the_banks_own_place_fills_what_is_left_out_and_says_so(text: str, filled: tuple[str, ...]) -> None:
    address = split(text, HOME)
    assert parts(address) == ("甘肃省", "天水市", "清水县", "柳溪镇石桥村1组8号")
    assert address.filled == filled
    assert address.whole == "甘肃省天水市清水县柳溪镇石桥村1组8号"


@pytest.mark.parametrize(
    "text",
    ["北京路5号", "天水路12号", "天水市场3号", "双江镇河东区域12号", "红旗镇南昌村3组", "城关镇北京大道3号",
     "甘肃路3号", "县城南街12号", "河东区域12号", "清水镇街道", "长安镇新村", "上海西路7号", "城区北街1号"],
)  # fmt: skip
def test_a_street_or_village_that_sounds_like_a_place_is_none(text: str) -> None:
    assert parts(split(text, HOME)) == ("甘肃省", "天水市", "清水县", text)
    assert parts(split(text, NOWHERE)) == ("", "", "", text)


def test_a_name_borne_by_several_counties_is_the_one_in_the_banks_city() -> None:
    address = split("市中区人民路1号", Home("四川省", "乐山市", "夹江县"))
    assert parts(address) == ("四川省", "乐山市", "市中区", "人民路1号")


def test_a_place_that_no_list_has_is_known_where_it_is_the_banks_own() -> None:
    made_up = Home("甘肃省", "云州市", "云岭县")
    assert parts(split("云岭县红旗镇三村", made_up)) == ("甘肃省", "云州市", "云岭县", "红旗镇三村")
    assert split("云岭县红旗镇三村", made_up).complete


def test_a_customer_in_another_county_is_not_moved_into_the_banks() -> None:
    assert parts(split("礼县盐官镇新联村", HOME)) == ("甘肃省", "陇南市", "礼县", "盐官镇新联村")
    assert parts(split("秦州区中华西路1号", HOME)) == ("甘肃省", "天水市", "秦州区", "中华西路1号")


@given(st.sampled_from(SORTABLE), STREETS)
def test_parts_written_in_full_give_the_text_again(place: tuple[str, ...], street: str) -> None:
    province, city, county = (*place, "", "")[:3]
    text = f"{province}{city}{county}{street}"
    address = split(text, HOME)
    assert parts(address) == (province, city, county, street)
    assert address.filled == ()
    assert address.complete


@given(st.sampled_from(SORTABLE), STREETS)
def test_what_follows_from_the_county_is_told_or_left_blank_but_never_wrong(
    place: tuple[str, ...], street: str
) -> None:
    address = split(place[-1] + street, NOWHERE)
    told = (address.province, address.city, address.district)
    assert all(name in {"", own} for name, own in zip(told, (*place, ""), strict=False))


PIECES = st.lists(
    st.one_of(
        st.sampled_from([name for place in ALL for name in place]),
        st.sampled_from([*places().by_short]),
        st.sampled_from(
            ["路", "镇", "县", "市", "，", " ", "兵团", "第八师", "开发区", "1号", "中国", "地址：", "741400"]
        ),
        st.text(max_size=4),
    ),
    max_size=7,
).map("".join)


HOMES = [HOME, NOWHERE, Home("湖北省", "仙桃市"), Home("甘肃省")]
LOADED = [places(home.place) for home in HOMES]  # so that no example pays for the reading of the list


@given(PIECES, st.sampled_from(HOMES))
def test_nothing_of_a_text_is_lost(text: str, home: Home) -> None:
    address = split(text, home)
    assert address.written + address.street == text.strip()
    assert set(address.filled) <= {"province", "city", "district"}


def test_the_list_has_every_province_and_a_county_for_each_bank() -> None:
    assert len({place[0] for place in NOW}) == 34
    assert sum(len(place) == 3 for place in NOW) > 2800
