"""Checks what `licetd audit prove CASE` prints, without licet: `check_proof.py PROOF.json` ends with 0 and says what it found, or with 1.

An event's digest is the SHA-256 of its head (canonical JSON, RFC 8785); events of a case form a chain; each digest is a leaf of the tree of RFC 9162, whose
head stands in the checkpoint; and the checkpoint is signed (Ed25519; openssl checks that).
"""
import base64, hashlib, json, subprocess, sys, tempfile

sha256 = lambda data: hashlib.sha256(data).digest()
canonical = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def head_of_tree(leaf, index, size, path):
    last, node = size - 1, sha256(b"\0" + leaf)
    for step in path:
        if index & 1 or index == last:
            node = sha256(b"\1" + step + node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + step)
        index, last = index >> 1, last >> 1
    assert last == 0, "the path is too short"
    return node


def check_signature(note, key):
    text, signature = note.rsplit("\n\n", 1)
    text = (text + "\n").encode()
    name, key_hash, encoded = key.split("+", 2)
    raw = base64.b64decode(encoded)
    _, signer, signed = signature.split()
    signed = base64.b64decode(signed)
    assert signer == name and signed[:4] == sha256(name.encode() + b"\n" + raw)[:4] == bytes.fromhex(key_hash), "another key"
    der = bytes.fromhex("302a300506032b6570032100") + raw[1:]
    with tempfile.TemporaryDirectory() as folder:
        for file, data in ("key", der), ("text", text), ("signature", signed[4:]):
            open(f"{folder}/{file}", "wb").write(data)
        command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature"
        subprocess.run(command.split(), cwd=folder, check=True, stdout=subprocess.DEVNULL)


def check(proof):
    check_signature(proof["checkpoint"], proof["key"])
    name, size, head = proof["checkpoint"].split("\n")[:3]
    previous = None
    for event in proof["events"]:
        assert event.get("previous") == previous, "the chain is broken"
        parts = {"actor": event["actor"], "case": proof["case"], "instant": event["instant"], "number": event["number"],
                 "payload": sha256(canonical(event["payload"])).hex(), "previous": previous, "role": event["role"], "type": event["type"]}
        previous = sha256(canonical(parts)).hex()
        assert previous == event["digest"], "the digest is not that of the contents"
        path = [bytes.fromhex(step) for step in event["path"]]
        assert head_of_tree(bytes.fromhex(previous), event["index"], int(size), path) == base64.b64decode(head), "the path leads to another head"
    print(f"{len(proof['events'])} events of {proof['case']} are in the ledger of {size} events that {name} signed")


try:
    check(json.load(open(sys.argv[1])))
except (AssertionError, subprocess.CalledProcessError, ValueError, KeyError) as fault:
    sys.exit(f"not proved: {fault}")
