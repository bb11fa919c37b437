"""A fake of Feishu: as strict, as roundabout and as positional as the service."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, time, timedelta, timezone
from functools import partial
from itertools import count

from salesgoal.testing import Answer
from salesgoal_feishu import FeishuOptions

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
APP, TABLE, VIEW = "bascnAcme", "tblDeals", "vewNorth"
PATH = re.compile(r"/open-apis/bitable/v1/apps/(\w+)/tables/(\w+)(/fields|/records/search)")
LIFE = timedelta(hours=2)
FIELDS = {
    "商机": 1,
    "金额": 2,
    "赢单": 7,
    "成交日": 5,
    "客户": 1,
    "标签": 4,
    "负责人": 11,
    "阶段": 3,
    "折后": 20,
    "最后更新": 1002,
}
MOST = {"/fields": 100, "/records/search": 500}


def error(code, status=200, **more):
    return Answer.of({"code": code, "msg": "no", "error": {"log_id": "x"}, **more}, status)


def millis(moment):
    return (moment - EPOCH) // timedelta(milliseconds=1)


def day(on):
    return datetime.combine(on, time(), BEIJING)


def segments(text):
    """A text in two segments, as one with a mention or a link comes."""
    return [{"text": part, "type": "text"} for part in (text[:2], text[2:]) if part]


class FakeFeishu:
    """The token, the fields and the search of one table."""

    busy = (
        error(99991400, 400),
        error(1254290),
        error(1254607, 400),
    )

    def __init__(self, world):
        self.world = world
        self.tokens = {}
        self.numbers = count(1)

    def options(self, base_url, secret):
        return FeishuOptions(
            app_id="cli_a1",
            app_secret=secret,
            app_token=APP,
            table_id=TABLE,
            may_be_empty=True,
            base_url=base_url,
        )

    def expected(self, deal):
        return {
            "商机": deal.key,
            "金额": deal.amount,
            "赢单": deal.won,
            "成交日": day(deal.on),
            "客户": deal.customer,
            "负责人": "王丽;ou_2",
            "标签": "大客户;续约",
            "阶段": "赢单" if deal.won else "洽谈",
            "折后": deal.amount,
            "最后更新": deal.modified_at,
        }

    def answer(self, request):
        if request.path == "/open-apis/auth/v3/tenant_access_token/internal":
            return self.give_token(request)
        made_at = self.tokens.get(request.bearer)
        if made_at is None or self.world.now >= made_at + LIFE:
            return error(99991663, 400)
        match = PATH.fullmatch(request.path)
        if match is None:
            return Answer(status=404, body=b"404 page not found", content_type="text/plain")
        app, table, what = match.groups()
        if (app, table) != (APP, TABLE):
            return error(1254040 if app != APP else 1254041)
        if request.method != ("GET" if what == "/fields" else "POST"):
            return Answer(status=405)
        size = int(request.query.get("page_size", 20))
        if not 1 <= size <= MOST[what]:
            return error(99992402, 400)
        return self.some(request, size, self.listed_fields if what == "/fields" else self.found)

    def give_token(self, request):
        told = request.json
        if told != {"app_id": "cli_a1", "app_secret": self.world.secret.reveal()}:
            return error(10014, 400)
        token = f"t-g104.{next(self.numbers)}"
        self.tokens[token] = self.world.now
        return Answer.of({"code": 0, "msg": "ok", "tenant_access_token": token, "expire": 7200})

    def some(self, request, size, listed):
        """A page of a list, by position."""
        items, made = listed(request)
        if isinstance(items, Answer):
            return items
        token = request.query.get("page_token")
        start = int(base64.b64decode(token)) if token else 0
        end = start + min(size, self.world.page_share)
        some = [made(each) for each in items[start:end]]
        content = {"items": some or None, "total": len(items), "has_more": False}
        if end < len(items):
            content |= {"has_more": True, "page_token": base64.b64encode(b"%d" % end).decode()}
        return Answer.of({"code": 0, "msg": "success", "data": content})

    def listed_fields(self, _):
        fields = [
            {"field_id": f"fld{at}", "field_name": name, "type": kind, "is_primary": not at}
            for at, (name, kind) in enumerate(FIELDS.items())
        ]
        return fields, dict

    def found(self, request):
        asked = request.json or {}
        names = asked.get("field_names") or list(FIELDS)
        if not FIELDS.keys() >= set(names):
            return error(1254045), None
        if asked.get("view_id") not in {None, VIEW}:
            return error(1254042), None
        deals = [deal for deal in self.world.found() if not deal.deleted]
        if "view_id" in asked:
            deals = [deal for deal in deals if deal.won]
        return deals, partial(self.record, names=names, automatic=asked["automatic_fields"])

    def record(self, deal, names, automatic):
        held = {
            "商机": segments(deal.key),
            "金额": deal.amount,
            "赢单": deal.won,
            "成交日": millis(day(deal.on)),
            "客户": segments(deal.customer or ""),
            "标签": ["大客户", "续约"],
            "负责人": [{"id": "ou_1", "name": "王丽", "en_name": "Li"}, {"id": "ou_2"}],
            "阶段": "赢单" if deal.won else "洽谈",
            "折后": {"type": 2, "value": [] if deal.amount is None else [deal.amount]},
            "最后更新": millis(deal.modified_at),
        }
        fields = {name: held[name] for name in names if held[name] not in (None, [])}
        found = {"record_id": deal.key, "fields": fields}
        if automatic:
            person = {"id": "ou_1", "name": "王丽"}
            found |= {"created_by": person, "last_modified_by": person}
            found |= {"created_time": 0, "last_modified_time": millis(deal.modified_at)}
        return found
