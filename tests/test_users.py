"""Who may come in: users and their passwords, attempts, sessions, and the commands for them."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import ReportChat
from chat.serve import CannotServe, Serving, serve
from chat.ui.gate import Accounts
from chat.users import Attempts, BadUsers, hash_password, matches, read_users, remove_user, write_user

ROOT = Path(__file__).parents[1]


@given(st.text(max_size=20), st.text(max_size=20))
def test_plain_passwords_match_themselves_alone(secret, password):
    assert matches(secret, password) == (secret == password and bool(secret))


def test_hashes_match_their_password_alone():
    secret = hash_password("correct horse 正确")
    assert (
        matches(secret, "correct horse 正确") and not matches(secret, "correct horse") and not matches(secret, secret)
    )
    assert hash_password("correct horse 正确") != secret
    assert "correct" not in secret


def test_users_are_kept_hashed(tmp_path):
    path = tmp_path / "folder" / "users"
    assert not write_user(path, "ann", "long enough", "editor")
    assert not write_user(path, "bob", "long enough", "reader")
    assert write_user(path, "ann", "another one", "reader")
    users = read_users(path)
    assert {user.name: (user.role, user.hashed) for user in users.values()} == {
        "ann": ("reader", True),
        "bob": ("reader", True),
    }
    assert matches(users["ann"].secret, "another one") and not matches(users["ann"].secret, "long enough")
    assert path.stat().st_mode & 0o077 == 0
    assert remove_user(path, "ann") and not remove_user(path, "ann")
    assert "long enough" not in path.read_text()


def test_old_files_are_read(tmp_path):
    path = tmp_path / "users"
    path.write_text("# who\nann:secret:with:colons\n\n bob : x \n", encoding="utf-8")
    users = read_users(path)
    assert matches(users["ann"].secret, "secret:with:colons") and matches(users["bob"].secret, "x")
    assert not users["ann"].hashed and users["ann"].role == "editor"


@pytest.mark.parametrize(
    "text",
    ["", "# nobody\n", "ann\n", ":x\n", "ann:\n", "ann:$scrypt$broken\n", f"ann:{hash_password('x' * 9)}:king\n"],
)
def test_bad_files_are_named(tmp_path, text):
    path = tmp_path / "users"
    path.write_text(text)
    with pytest.raises(BadUsers, match="users"):
        read_users(path)
    with pytest.raises(CannotServe):
        serve(ReportChat.from_texts({}), Serving(auth_file=path))


@pytest.mark.parametrize(
    ("name", "password"), [("", "long enough"), ("a b", "long enough"), ("a:b", "long enough"), ("a", "short")]
)
def test_bad_names_and_passwords_are_refused(tmp_path, name, password):
    with pytest.raises(BadUsers):
        write_user(tmp_path / "users", name, password)
    assert not (tmp_path / "users").exists()


def test_attempts_are_limited_for_a_while():
    now = [0.0]
    attempts = Attempts(most=3, seconds=60, clock=lambda: now[0])
    for _ in range(3):
        assert attempts.wait("a", "b") == 0
        attempts.fail("a", "b")
    assert attempts.wait("a") == 60 and attempts.wait("b", "c") == 60 and attempts.wait("c") == 0
    now[0] = 59.0
    assert attempts.wait("a") == 1
    now[0] = 61.0
    assert attempts.wait("a") == 0
    attempts.fail("a")
    attempts.succeed("a")
    assert attempts.wait("a") == 0


def test_accounts_are_read_anew_and_sessions_end(tmp_path):
    now = [0.0]
    path = tmp_path / "users"
    write_user(path, "ann", "long enough")
    accounts = Accounts(path, clock=lambda: now[0])
    token, _ = accounts.sign_in("ann", "long enough", "1.2.3.4")
    assert token and accounts.user(token).name == "ann"
    assert accounts.user("x") is None and accounts.user("") is None
    assert accounts.sign_in("ann", "wrong", "1.2.3.4") == ("", 0.0)
    assert accounts.sign_in("nobody", "long enough", "1.2.3.4") == ("", 0.0)
    now[0] = 13 * 3600
    assert accounts.user(token) is None
    token, _ = accounts.sign_in("ann", "long enough", "1.2.3.4")
    write_user(path, "bob", "long enough")
    remove_user(path, "ann")
    assert accounts.user(token) is None
    assert accounts.sign_in("bob", "long enough", "1.2.3.4")[0]


def run(*arguments, stdin=""):
    return subprocess.run(
        [sys.executable, "-m", "chat", *arguments], input=stdin, capture_output=True, text=True, cwd=ROOT, timeout=120
    )


def test_user_commands(tmp_path):
    path = str(tmp_path / "users")
    assert (
        "added ann (reader)"
        in run("user", "add", "ann", "--role", "reader", "--auth-file", path, stdin="long enough\n").stdout
    )
    assert run("user", "list", "--auth-file", path).stdout == "ann\treader\thashed\n"
    short = run("user", "add", "bob", "--auth-file", path, stdin="x\n")
    assert short.returncode == 2 and "at least 8" in short.stderr
    assert run("user", "remove", "bob", "--auth-file", path).returncode == 2
    assert run("user", "remove", "ann", "--auth-file", path).returncode == 0
