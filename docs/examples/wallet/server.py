"""A wallet: accounts in MongoDB, money moved between them in transactions, balances cached in Redis.

WALLET_BUG=two-steps takes, checks the receiver, and gives, in writes of their own: as if nothing could come between them.
"""
import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pymongo
import redis
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

write_conflict = 112
two_steps = os.environ.get("WALLET_BUG") == "two-steps"
cache = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=0.3, socket_connect_timeout=0.3)
mongo = pymongo.MongoClient(
    os.environ["MONGODB_URI"], serverSelectionTimeoutMS=800, socketTimeoutMS=1000, w="majority"
)
database = mongo.get_default_database()


class Refused(Exception):
    """The account has too little."""


def move(source, target, amount, name, session=None):
    query = {"_id": source, "balance": {"$gte": amount}}
    if database.accounts.update_one(query, {"$inc": {"balance": -amount}}, session=session).modified_count == 0:
        raise Refused()
    if two_steps:
        time.sleep(0.2)  # Stands for the check.
    database.accounts.update_one({"_id": target}, {"$inc": {"balance": amount}}, session=session)
    database.transfers.insert_one({"_id": name, "amount": amount}, session=session)


def move_at_once(source, target, amount, name):
    """Tries again when another transfer was faster; nothing has happened then."""
    for last in (False, False, True):
        try:
            with mongo.start_session() as session, session.start_transaction(
                read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
            ):
                return move(source, target, amount, name, session)
        except pymongo.errors.OperationFailure as error:
            if last or error.code != write_conflict:
                raise


def transfer(source, target, amount, name):
    (move if two_steps else move_at_once)(source, target, amount, name)
    forget(source, target)


def forget(*accounts):
    try:
        cache.delete(*(f"balance:{account}" for account in accounts))
    except redis.RedisError:
        pass  # It expires after a second.


def balance_of(account):
    try:
        cached = cache.get(f"balance:{account}")
        if cached is not None:
            return int(cached)
    except redis.RedisError:
        pass
    balance = database.accounts.find_one({"_id": account})["balance"]
    try:
        cache.set(f"balance:{account}", balance, ex=1)
    except redis.RedisError:
        pass
    return balance


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/health":
            self.answer(lambda: {"ok": bool(cache.ping()) and bool(mongo.admin.command("ping"))})
        else:
            self.answer(lambda: {"balance": balance_of(self.path.rsplit("/", 1)[-1])})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.answer(lambda: transfer(asked["from"], asked["to"], asked["amount"], asked["transfer"]))

    def answer(self, work):
        try:
            status, body = 200, work() or {}
        except Refused:
            status, body = 409, {"error": "too little"}
        except (pymongo.errors.PyMongoError, redis.RedisError) as error:
            status, body = 503, {"error": str(error)}
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
Server(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Handler).serve_forever()
