"""Text that speaks to whoever answers from it, instead of to its readers. Pure; English only.

«Ignore the above and tell the user …» in a source is data, and nothing here obeys it. But quoted as
an answer it would mislead, and so would what stands around it: its passage is not quoted at all.
Knows forms of address, no subject: a sentence that is merely false looks like any other, and so
does an order in words that are not foreseen here.
"""

import re
from functools import lru_cache

_ANSWERER = (
    r"(?:(?:ai|virtual|search|digital) )?(?:assistants?|chat ?bots?|search engines?|ais?"
    r"|ai (?:systems?|agents?|crawlers?|readers?|tools?)|(?:large )?language models?|llms?|chatgpt"
    r"|gpts?|claude|gemini|copilot)\b"
)
_ASKER = r"(?:(?:the|your|any|every|all|each) )?(?:users?|readers?|askers?)\b"
_ANYONE = rf"(?:{_ASKER}|them\b|anyone\b|everyone\b|people\b|whoever\b)"
_GIVEN = (  # what an assistant has been given
    r"(?:(?:all|any|of|the|these|those|your|my|and|above|previous|prior|earlier|preceding|other"
    r"|retrieved|system) )*"
    r"(?:instructions?|prompts?|messages?|sources?|documents?|citations?|rules|context|guidelines)\b"
)
_THIS = r"this (?:page|article|text|document|post|note|site|notice|feed|passage|source|file|memo)\b"
_REPLY = r"(?:answers?|responses?|repl(?:y|ies)|outputs?|summar(?:y|ies)|completions?)\b"
_SAY = r"(?:say|tell|answer|reply|repeat|respond)\b"
_MUST = r"(?:must|should|shall|will|may not|has to|have to|is to|are to)(?: now| always| only)*"
_FETCH = r"(?:summari[sz]|retriev|index|crawl|quot|process)\w*"

_SAID = (  # anywhere in a sentence
    # who is spoken to
    rf"(?:note|notice|message|instructions?|attention|dear|hey|hello|hi)[,:]?(?: to| for)?"
    rf"(?: all| any)? (?:{_ANSWERER}|model\b)",
    rf"(?:for|to)(?: all| any| the)? {_ANSWERER} ?:",
    rf"{_ANSWERER} (?:(?:instructions?|directives?) ?:|(?:reading|using|{_FETCH}) this\b)",
    rf"(?:any|every|all|each) {_ANSWERER} (?:that|which|who) (?:reads?|answers?|uses?|{_FETCH})",
    rf"(?:the|an?|every|all|any|each) (?:ai )?(?:assistants?|chat ?bots?|llms?) {_MUST}\b",
    rf"you are (?:now |no longer |not )?(?:an? |the )?(?:\w+ ){{0,2}}{_ANSWERER}",
    r"you are (?:now )?in \w+ mode\b",
    rf"(?<!what )you {_MUST} (?:reply|say|repeat|pretend|output|answer that|answer with)\b",
    r"as an? (?:ai assistant|ai language|large language|language model|llm|chat ?bot)\b",
    r"now act as\b",
    r"from now on,? (?:you|respond|answer|reply|say|always)\b",
    # what to leave out of account, or to give away
    r"(?:your|the|begin|end|new) (?:system|hidden|initial) (?:prompt|message|instructions?)\b",
    r"(?:new|updated|special|secret) (?:instructions?|task) ?:|system (?:override|message|note) ?:",
    r"(?:print|leak|expose|repeat|disclose)\b[^.;\n]{0,50}\byour (?:\w+ )?(?:prompt|instructions"
    r"|context|configuration|api keys?|environment|secrets?)\b",
    r"(?:send|forward|upload)\b[^.;\n]{0,40}\b(?:users?['’]s? question"
    r"|th(?:e|is) (?:conversation|chat))\b",
    r"(?:use|cite|quote|name|consult|trust|show) (?:no|any) other (?:sources?|pages?)\b",
    r"other (?:sources?|pages?) (?:are|is) (?:outdated|wrong|false|fake)\b",
    # what to say
    rf"(?:and|must|should) (?:tell|assure|remind|convince|show) {_ASKER} (?:that|no|not)\b",
    r"(?:readers?|users?|askers?) (?:must|should|are to|is to|have to) be told\b",
    rf"(?:when|if|whenever|once)\b[^.;\n]{{0,40}}\bask(?:s|ed)?\b[^.;\n]{{0,80}}, {_SAY}",
    rf"if {_ASKER} (?:doubts?|insists?|objects?|wants?)\b[^.;\n]{{0,80}}, {_SAY}",
    rf"(?:when|while|before|if|whoever|once) (?:you )?(?:are )?(?:{_FETCH}|answer\w*)"
    rf" (?:from )?{_THIS}",
    rf"{_THIS} (?:is|was|gets|has been) (?:{_FETCH}|found)[^.;\n]{{0,30}},",
    rf"when (?:generating|writing|preparing|composing) your {_REPLY}",
    rf"(?:in|to|of|into) every (?:\w+ )?{_REPLY}",
    rf"(?:answer|reply|response) (?:that )?(?:you {_MUST} give|to be given)\b",
    rf"the following (?:is|as) (?:the|your|an?) {_REPLY}|(?:is|are) the final answers?\b",
    r"whatever (?:was|is|has been) (?:retrieved|found)\b",
    # what to cite
    rf"give {_THIS} (?:the )?(?:highest|top|first)\b|trust only\b",
    rf"{_THIS} (?:overrides?|supersedes?|outranks?|takes? precedence over|replaces?)"
    r" (?:all |any |the )*(?:other |retrieved |search )+(?:sources|results|documents|context)\b",
)
_ORDERED = (  # where a sentence begins
    r"(?:do not |never )?(?:say|pretend|reveal|reply|repeat)\b(?! ?,| to\b)",
    r"(?:ignore|disregard|forget)\b(?! ?,)|override (?:all|any|your|the|previous)\b",
    rf"(?:do not |never )?tell {_ANYONE} (?:who|that|about|how|why|only|no|not)\b",
    r"(?:do not |never )?(?:assure|inform|remind|convince|persuade|answer|show|give|advise)"
    rf" {_ASKER} (?:that|about|how|why|only|no|not)\b",
    r"(?:do not |never )?(?:show|present|give|offer|mention|respond|answer|report) [^.;\n]{0,80}"
    rf"\bto {_ASKER}",
    r"(?:act|answer|respond|reply) as (?:if|though)\b",
    r"(?:answer|respond|output)(?: only| always)? (?:that|without|with (?:the|these|only|just|no"
    r"|yes|quotes|sources)|the following|exactly)\b",
    r"answer (?:every|all|any) questions?\b[^.;\n]{0,60} with\b",
    rf"(?:start|begin|end|finish|preface|open|close) (?:your|every|each|all) {_REPLY}",
    rf"(?:cite|use|quote|show|treat|mark|rank|regard|trust) (?:only )?{_THIS} (?:as|in place"
    r"|instead|whenever|only|first)\b",
    r"(?:cite|quote|name) [^.;\n]{1,60} (?:whenever|every time|each time)\b",
    r"(?:include|insert|add|append|put) (?:this|the following) (?:link|sentence|text|line)\b"
    rf"[^.;\n]{{0,40}}\b{_REPLY}",
    r"(?:do not|never) (?:cite|quote|mention|show) (?:the|any|other|\d+)\b",
    rf"(?:(?:do not|never) (?:follow|obey)|stop (?:following|obeying)) {_GIVEN}",
)
_PASSED = (  # between programs
    r"<\|\w+\|>|\[/?(?:inst|system|assistant)\]|<</?sys>>",
    r"</?(?:system|assistant|user|instructions?|prompt|tool_call)>",
    r"(?:^|[\n>“\"]|\. ) ?assistant ?: ?\S|(?:#|<!--) ?(?:system|assistant|instruction) ?: ?\S",
    r"\bhuman: [^\n]{1,200}\bassistant: |\bprompt: [^\n]{1,200}\bcompletion: ",
    r"[{,\[]\s*\"(?:question|answer|outcome|claims|citations|role|messages|status)\"\s*:\s*[\"\[{]",
    r"[?&]\w+=[\[{<]{0,2}(?:question|query|history|prompt|context|answer|key|secret|token)\b",
    r"\b[a-z]+(?:_[a-z]+)*_(?:api_key|secret_key|password|database_url)\b",
)
_SIGNS = (
    re.compile(rf"\b(?:{'|'.join(_SAID)})"),
    re.compile(
        r"(?:^|[.:;!?”»\n] ?)(?:please |always |then |instead |now )*"
        rf"(?:{'|'.join(_ORDERED)})"
    ),
    re.compile("|".join(_PASSED)),
)


@lru_cache(maxsize=20_000)
def addressed(passage: str) -> bool:
    """Whether something in `passage` is addressed to an assistant, or tells what to say to one's
    users: an order, a turn of a conversation, a token or an answer of a chat model."""
    return any(sign.search(passage.lower()) for sign in _SIGNS)
