"""The one kind of error that a command reports as a sentence instead of a stack trace."""


class UserMistakeError(Exception):
    """Something the user can put right; the message says what and how."""

    exit_status = 1

    def __init__(self, subject: str, expected: str, found: object, remedy: str = "") -> None:
        message = f"[lead_scoring] {subject}: expected {expected}, found {found}."
        super().__init__(f"{message} {remedy}".rstrip())

    @classmethod
    def of(cls, mistakes: list["UserMistakeError"]) -> "UserMistakeError":
        """Several mistakes reported at once."""
        joined = cls.__new__(cls)
        Exception.__init__(joined, "\n".join(str(mistake) for mistake in mistakes))
        return joined


def first_line(problem: Exception) -> str:
    """What an engine says went wrong, without the lines that show where, to stand in a sentence."""
    return str(problem).strip().splitlines()[0].rstrip(".")
