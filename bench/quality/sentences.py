"""The first sentence of a function's documentation as a question: found, cleaned of markup, judged. Pure."""

from __future__ import annotations

import re
import unicodedata

MIN_WORDS, MAX_WORDS = 4, 30
# What is not Latin script or no words at all is no question in English.
MIN_LATIN = 0.8
# "Returns the value" asks nothing.
MIN_TELLING_WORDS = 3

_PARAGRAPH = re.compile(r"\n\s*\n")
# Tags before the text that say nothing of what a function does.
_SILENT_TAG = re.compile(
    r"\s*[@\\](?:method|function|func|fn|memberof|static|public|private|protected|async|api|internal|name|class|virtual"
    r"|instance|inner|ignore|overload|staticmethod|local|lends|constructor|hidden|param|tparam|arg|type|stability)\b.*"
    r"|\s*@\w+\s*:.*"
)
_SPEAKING_TAG = re.compile(r"^\s*[@\\](?:brief|description|desc|summary|short|abstract)\b:?\s*", re.MULTILINE)
# Here the text ends and a list of parameters or the like begins.
_END = re.compile(
    r"\n\s*(?:[@\\]\w+|:\w+[ \w]*:(?!`)|[-*+#>|]\s|\d+[.)]\s|~~~|```"
    r"|(?:args?|arguments?|param(?:eter)?s?|inputs?|outputs?|returns?|return value|raises|throws|examples?|usage|notes?"
    r"|warning|see also|options|globals|yields|e\.g|synopsis)\b[^.\n]{0,30}:)"
    # A line that begins a sentence, though no full stop ends the one before.
    r"|\n\s*(?=(?-i:The|This|It|If|When|Returns?|Note|Used|More|Default|For|Otherwise)\s)",
    re.IGNORECASE,
)
_CALL_SEQUENCE = re.compile(r"\s*:?(?:call-seq|usage|synopsis|syntax|signature|name)\s*:", re.IGNORECASE)
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kept)
    for pattern, kept in (
        (r"\{@link(?:plain)?\s+[^\s{}|]+(?:\s+|\s*\|\s*)([^{}]+)\}", r"\1"),
        (r"\{@(?:link|linkplain|code|literal|value|see)\s+([^{}]*)\}", r"\1"),
        (r"\b[BCEFILSX]<+\s*([^<>]*?)\s*>+", r"\1"),
        (r"<!--.*?-->", ""),
        (r"<see(?:also)?\s+\w+=\"([^\"]*)\"\s*/?>", r"\1"),
        (r"</?[a-zA-Z][\w.-]*(?:\s[^<>]*)?/?>", ""),
        (r"&lt;", "<"),
        (r"&gt;", ">"),
        (r"&amp;", "&"),
        (r"&quot;", '"'),
        (r"&nbsp;", " "),
        (r"\\?\(?/?\s*O\([^()]*(?:\([^()]*\)[^()]*)*\)\s*/?\\?\)?[.,]?\s*(?=[A-Z\\])", ""),
        (r"!?\[([^\[\]]+)\](?:\([^()\s]*\)|\[[^\[\]]*\])", r"\1"),
        (r"\[\[([^\[\]]+)\]\]", r"\1"),
        (r"\[`([^`\[\]]+)`\]", r"\1"),
        (r"(?<!\w)\[([A-Za-z_][\w.:]*)\](?!\w)", r"\1"),
        (r":[a-z]\w*(?::\w+)*:`~?([^`<]*?)(?:\s*<[^`>]*>)?`", r"\1"),
        (r"`([^`<]+?)\s*<[^`>]+>`_+", r"\1"),
        (r"``(.+?)``", r"\1"),
        (r"`([^`]*)`_*", r"\1"),
        (r"(?<![\w*])\*{1,2}([^*\s](?:[^*]*[^*\s])?)\*{1,2}(?![\w*])", r"\1"),
        (r"(?<!\w)__([^_]+)__(?!\w)|(?<![\w+])\+([\w.:#?!]+)\+(?![\w+])", r"\1\2"),
        (r"(?<!\w)@([^@\s](?:[^@\n]*[^@\s])?)@(?!\w)", r"\1"),
        (r"(?<![\w'])'([A-Za-z_][\w.']*)'(?![\w'])", r"\1"),
        (r"(?<!\w)[@#%](?=[A-Za-z_]\w*)", ""),
        (r"[\\@][cpeab]\s+(?=\S)", ""),
    )
)
_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bcf)(?<!\bresp)(?<!\.\.)[.!?;](?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SAYS_NOTHING = re.compile(
    r"(?:todo|fixme|xxx|hack|deprecated|see\b|see also|constructor|default constructor|destructor|copyright|overrid"
    r"|inherit|implement(?:s|ation)? (?:of|for)?\s*(?:the )?\w+(?: interface| method| protocol| trait)?$"
    r"|same as\b|as above|like\b|alias\b|similar to\b|ditto|note\b|warning\b|internal use|for internal|private\b"
    r"|this (?:function|method|constructor) (?:is (?:deprecated|private|internal|only)|accepts|takes)"
    r"|this is a currently|main test|not (?:implemented|used)|unused|do not\b|don't"
    r"|these\b|those\b|here\b|because\b|but\b|however\b|we\b|i\b|if you\b|use of\b|used by\b|called by\b|now\b|so\b"
    r"|safety|example|since\b|usage|warn|license|author|equivalent (?:to|of)\b|variant of\b|version of\b|works like\b"
    r"|helper (?:function|method)?\s*for \w+$|wrapper (?:for|around) \S+$|shorthand for \S+$|port of\b|the same as\b)",
    re.IGNORECASE,
)
# Left over from code, tables or templates.
_CODE = re.compile(
    r"[{}|\\^~=;$%]|->|=>|::|<-|\(\)|&&|\w\(|https?:|www\.|\b\w+\.\w+\.\w+|\w_\w+_\w+_|[<>]|\s[*/+]\s|\"\"|…$"
)
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the a an of to in for on and or is are be this that it its with from by as at if not any all can will which"
        " when return returns returned get gets set sets given value values method function object instance class new"
        " used use was were been has have does do into then than one other only also may must should current specified",
    )
)


def question_of(doc: str, name: str) -> str:
    """Return the question that the documentation of a function of a name asks, ``""`` where it asks none."""
    sentence = first_sentence(doc, name)
    return sentence if is_telling(sentence, name) else ""


def first_sentence(doc: str, name: str) -> str:
    """Return the first sentence of a documentation without markup, its own name in front and its full stop."""
    for paragraph in _PARAGRAPH.split(_headless(doc, name))[:3]:
        lines = paragraph.split("\n")
        while lines and (_SILENT_TAG.fullmatch(lines[0]) or not lines[0].strip()):
            lines.pop(0)
        text = "\n".join(lines)
        if not text.strip() or _CALL_SEQUENCE.match(text):
            continue
        text = _END.split(_SPEAKING_TAG.sub("", text))[0]
        sentence = _SENTENCE_END.split(" ".join(_plain(text).split()), maxsplit=1)[0]
        # What it says follows it.
        return "" if sentence.endswith(":") else _without_name(sentence.strip(" \"'-\u2013\u2014*:,"), name)
    return ""


def _headless(doc: str, name: str) -> str:
    """Return a documentation without a first line that is the function's name, as GLib and libxml2 write it."""
    first, _line_feed, rest = doc.strip().partition("\n")
    return rest if re.fullmatch(rf"\W*{re.escape(name)}\s*(?:\([^()]*\))?\s*:?\W*", first) else doc.strip()


def _plain(text: str) -> str:
    for pattern, kept in _MARKUP:
        text = pattern.sub(kept, text)
    return text


def _without_name(sentence: str, name: str) -> str:
    """Leave out the name in front, with which Go's documentation begins by rule: it would give the answer away."""
    found = re.match(rf"(?:[\w.:#]*[.:#])?{re.escape(name)}(?:\(.*?\))?\s*[:,\u2013\u2014-]*\s+(?=\w)", sentence)
    return sentence[found.end() :] if found else sentence


def is_telling(sentence: str, name: str) -> bool:
    """Say whether a sentence reads like a question that a function of this name answers, and does not name it."""
    words = _WORD.findall(sentence)
    if not MIN_WORDS <= len(words) <= MAX_WORDS or len(sentence.split()) < MIN_WORDS:
        return False
    if _SAYS_NOTHING.match(sentence) or _CODE.search(sentence) or not _is_latin(sentence) or _is_cut(sentence):
        return False
    if len(_PARTS.findall(name)) > 1 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence):
        return False
    telling = {word.lower() for word in words if len(word) > 2} - _STOP_WORDS
    return len(telling) >= MIN_TELLING_WORDS


def _is_cut(sentence: str) -> bool:
    return sentence.count("(") != sentence.count(")") or sentence.count('"') % 2 == 1 or ".." in sentence


def _is_latin(sentence: str) -> bool:
    marks = [mark for mark in sentence if not mark.isspace()]
    latin = [mark for mark in marks if mark.isalpha() and "LATIN" in unicodedata.name(mark, "")]
    return len(latin) >= MIN_LATIN * len(marks)
