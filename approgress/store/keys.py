"""The key file beside the data file: the data key, wrapped for each person by a passphrase and once by the recovery code.

Argon2id over the NFKC passphrase (t=3, m=64 MiB, p=4) and AES-256-GCM; school, slot and purpose are associated data, so
that a wrap moved to another slot does not open. GCM says "wrong passphrase" before the data file is touched.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
import unicodedata
from pathlib import Path
from typing import Any

from approgress.domain.errors import Refusal, Trouble, WrongPassphrase

FORMAT = 1
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"  # 32 signs, without I L O U
_TIME, _MEMORY, _LANES = 3, 64 * 1024, 4
_MOST_TIME, _MOST_MEMORY, _MOST_LANES = 24, 1024 * 1024, 64  # more than this is damage: it would only stall the machine


def key_path(data_file: Path) -> Path:
    """Where the key file of a data file lies."""
    return data_file.with_name(data_file.name + "-keys")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _argon(passphrase: str, salt: bytes, t: int, m: int, p: int) -> bytes:
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    try:
        return hash_secret_raw(secret, salt, time_cost=t, memory_cost=m, parallelism=p, hash_len=32, type=Type.ID)
    except HashingError as e:  # the numbers were checked when the file was read, so only memory is left
        raise MemoryError(str(e)) from e


def _seal(key: bytes, data: bytes, label: str) -> dict[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
    return {"nonce": _b64(nonce), "wrap": _b64(AESGCM(key).encrypt(nonce, data, label.encode()))}


def _open(key: bytes, slot: dict[str, Any], label: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(base64.b64decode(slot["nonce"]), base64.b64decode(slot["wrap"]), label.encode())
    except InvalidTag:
        return None


def _check_signs(body: str) -> str:
    total = 0
    for i, sign in enumerate(body):
        total = (total * 37 + (i + 1) * _ALPHABET.index(sign) + 11) % 1021
    return _ALPHABET[total // 32] + _ALPHABET[total % 32]


def new_recovery_code() -> str:
    """A recovery code: 150 random bits and two check signs, as eight groups of four, without the letters I L O U."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(30))
    code = body + _check_signs(body)
    return "-".join(code[i : i + 4] for i in range(0, 32, 4))


def read_recovery_code(typed: str) -> str:
    """The 30 signs of a typed recovery code. O is read as 0, I and L as 1; refuses one that is mistyped."""
    text = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    text = text.replace("O", "0").replace("I", "1").replace("L", "1").replace("U", "V")
    if len(text) != 32:
        raise Refusal(f"A recovery code has 32 letters and digits; this one has {len(text)}. Please check it against the printed sheet.")
    if _check_signs(text[:30]) != text[30:]:
        raise Refusal("There is a mistype in the recovery code. Please check it against the printed sheet, group by group.")
    return text[:30]


def looks_like_recovery_code(typed: str) -> bool:
    """Whether what was typed has the length of a recovery code and its check signs."""
    try:
        read_recovery_code(typed)
    except Refusal:
        return False
    return True


def _recovery_key(code: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, b"approgress recovery").derive(code.encode())


def _sealed(slot: Any, salt: int) -> None:
    """ValueError, KeyError or TypeError where a slot is not one that `_seal` made with a salt of at least `salt` bytes."""
    if len(base64.b64decode(slot["nonce"], validate=True)) != 12 or len(base64.b64decode(slot["wrap"], validate=True)) < 16:
        raise ValueError
    if len(base64.b64decode(slot["salt"], validate=True)) < salt:
        raise ValueError


def _sound(data: Any) -> int:
    """The format of what a key file holds; ValueError, KeyError or TypeError where it is not whole, so that nothing later stumbles over it."""
    if not isinstance(data, dict) or not isinstance(data["people"], dict):  # pyright: ignore[reportUnknownMemberType]
        raise ValueError
    people: dict[str, Any] = data["people"]  # pyright: ignore[reportUnknownVariableType]
    fmt: Any = data["format"]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(fmt, int) or fmt < 1:
        raise ValueError
    if fmt > FORMAT:
        return fmt  # a newer one may look otherwise, and is refused as such
    if not isinstance(data["school"], str) or not data["school"]:
        raise ValueError
    for i, slot in people.items():
        int(i)
        _sealed(slot, 8)
        if not isinstance(slot["name"], str):
            raise ValueError
        for name, least, most in (("t", 1, _MOST_TIME), ("p", 1, _MOST_LANES), ("m", 8, _MOST_MEMORY)):
            if not isinstance(slot[name], int) or not least <= slot[name] <= most:
                raise ValueError
        if slot["m"] < 8 * slot["p"]:  # argon2's own rule
            raise ValueError
    if "recovery" in data:
        _sealed(data["recovery"], 8)
    if "open" in data and len(base64.b64decode(str(data["open"]), validate=True)) != 32:  # pyright: ignore[reportUnknownArgumentType]
        raise ValueError
    return fmt


def damaged_keys(name: str) -> Trouble:
    """What is said of a key file that is not whole."""
    return Trouble(f"The key file {name} is damaged. Nothing was changed. Take the copy of the key file out of a backup of this school.")


class KeyFile:
    """The slots of one school. `data` is plain JSON data, written by `write` as a whole, never in place."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    @property
    def school(self) -> str:
        """The school's id."""
        return self.data["school"]

    @property
    def people(self) -> dict[str, str]:
        """Names of those who have a slot, by person id."""
        return {i: s["name"] for i, s in self.data["people"].items()}

    @property
    def is_open(self) -> bool:
        """Whether this is the demonstration school, which opens without a passphrase."""
        return "open" in self.data

    @classmethod
    def new(cls, school: str, name: str) -> KeyFile:
        """An empty key file for a new school."""
        return cls({"format": FORMAT, "school": school, "name": name, "people": {}})

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """The key file at `path`; Trouble when it is missing or not one of ours."""
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            raise Trouble(
                f"The key file {path.name} is missing from {path.parent}. Without it the school's file cannot be opened, not even with the "
                "passphrase or the recovery code. Nothing was changed. Put the key file back beside the school's file; "
                "every backup holds a copy of it."
            ) from None
        except UnicodeDecodeError:
            raise damaged_keys(path.name) from None
        except OSError as e:
            raise Trouble(
                f"The key file {path} could not be read ({e.strerror or e}). Nothing was changed. "
                "Check who may read it, or take its copy out of a backup of this school."
            ) from None
        return cls.from_text(text, path.name)

    @classmethod
    def from_text(cls, text: str, name: str) -> KeyFile:
        """The key file with this text."""
        try:
            data = json.loads(text)
            fmt = _sound(data)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise damaged_keys(name) from None
        if fmt > FORMAT:
            raise Trouble(f"The key file {name} was made by a newer approgress. Nothing was changed. Please update the program.")
        return cls(data)

    def text(self) -> str:
        """The file's text."""
        return json.dumps(self.data, indent=1, ensure_ascii=False, sort_keys=True) + "\n"

    def write(self, path: Path) -> None:
        """Put the file in place as a whole: temporary file, fsync, rename."""
        write_whole(path, self.text().encode())

    def add_person(self, person_id: int, name: str, passphrase: str, data_key: bytes) -> None:
        """Give a person a slot, or a new passphrase for the one they have."""
        if len(passphrase) < 8:
            raise Refusal("A passphrase has 8 characters or more; four short words are good and easy to keep.", "passphrase")
        salt = secrets.token_bytes(16)
        key = _argon(passphrase, salt, _TIME, _MEMORY, _LANES)
        slot: dict[str, Any] = {"name": name, "salt": _b64(salt), "t": _TIME, "m": _MEMORY, "p": _LANES}
        slot |= _seal(key, data_key, f"{self.school}/{person_id}/data")
        self.data["people"][str(person_id)] = slot

    def drop_person(self, person_id: int) -> None:
        """Take a person's slot away."""
        self.data["people"].pop(str(person_id), None)

    def rename_person(self, person_id: int, name: str) -> None:
        """Give a person's slot, where there is one, another name."""
        slot = self.data["people"].get(str(person_id))
        if slot is not None:
            slot["name"] = name

    def set_recovery(self, code: str, data_key: bytes) -> None:
        """Wrap the data key by a recovery code; an earlier code stops working."""
        salt = secrets.token_bytes(16)
        slot = {"salt": _b64(salt)} | _seal(_recovery_key(read_recovery_code(code), salt), data_key, f"{self.school}/recovery/data")
        self.data["recovery"] = slot

    def set_open(self, data_key: bytes) -> None:
        """Leave the key readable: for the demonstration school only, which holds invented pupils."""
        self.data["open"] = _b64(data_key)

    def open(self, passphrase: str | None, person: str | None = None) -> tuple[bytes, int | None]:
        """(data key, person id or None for the recovery code). `person` narrows to a name or id.

        A passphrase, or else the recovery code, is tried against each slot it may belong to. WrongPassphrase if none opens.
        """
        if self.is_open:
            return base64.b64decode(self.data["open"]), 1
        if passphrase is None:
            raise WrongPassphrase("This school needs a passphrase. Nothing was changed.")
        slots = self.data["people"]
        if person is not None:
            wanted = person.casefold().strip()
            slots = {i: s for i, s in slots.items() if wanted in (i, s["name"].casefold())}
            if not slots and not looks_like_recovery_code(passphrase):
                raise WrongPassphrase(f"Nobody called {person} has a passphrase for this school. Nothing was changed.")
        if looks_like_recovery_code(passphrase) and "recovery" in self.data:
            slot = self.data["recovery"]
            key = _recovery_key(read_recovery_code(passphrase), base64.b64decode(slot["salt"]))
            data_key = _open(key, slot, f"{self.school}/recovery/data")
            if data_key is not None:
                return data_key, None
        for i, slot in slots.items():
            key = _argon(passphrase, base64.b64decode(slot["salt"]), slot["t"], slot["m"], slot["p"])
            data_key = _open(key, slot, f"{self.school}/{i}/data")
            if data_key is not None:
                return data_key, int(i)
        raise WrongPassphrase("That passphrase does not open this school. Nothing was changed. Check Caps Lock, or use the recovery code.")


def new_data_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(32)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is either wholly there or not at all; a new one may be read by its owner only."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        os.replace(temporary, path)
    except OSError as e:
        temporary.unlink(missing_ok=True)
        raise Trouble(f"{path} could not be written ({e.strerror or e}). What was there before is untouched.") from None
