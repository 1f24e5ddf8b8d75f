"""How an app goes down over time, as people see it: memory that grows, an end without a word, all that hangs.

Source: v8 "heap limit" (about 1.4 GB on 64 bit before Node 12, then by the host's memory); proc_meminfo(5);
sizes that clouds sell as their smallest; common phrases of reports in several languages.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "memory_grows": "somebody writes that the app's memory grows until it ends; fields: what",
    "memory_plenty": "somebody writes that the host has memory left; fields: what",
    "small_machine": "somebody writes that the host is a small one; fields: what",
    "dies_silently": "somebody writes that the app ends and logs nothing of it; fields: what",
    "all_hang": "somebody writes that every page hangs, the simplest too; fields: what",
    "idle": "somebody writes that the app uses no processor time meanwhile; fields: what",
    "fails_at_once": "somebody writes that the failing answers come at once; fields: what",
    "well_after_load": "somebody writes that all is well as soon as the load is over; fields: what",
}
#: A size of memory that is not much for an app with its store.
_SMALL = r"(?:128|256|512|768) ?(?:MB|M|MiB)|(?:0\.5|1) ?(?:GB|G|GiB)"
_RAM = (
    r"(?:RAM|memory|Arbeitsspeicher|memoria|mem[óo]ria|m[ée]moire|памят\w+|pami[ęe]ci"
    r"|内存|記憶體|メモリ|메모리)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "memory_grows",
        r"^(?!.*\b(?:not|n't|never|no longer) (?:grow|increas|leak|climb))(?P<what>.*"
        r"(?:\b(?:memory|RAM|heap|RSS)\b.{0,60}\b(?:keeps? (?:growing|increasing|climbing|rising)"
        r"|(?:slowly|steadily|constantly|linear\w*|continuously|gradually) (?:grow|increas|climb|ris|go)\w*"
        r"|(?:grows|climbs|rises|creeps up|goes up)(?: (?:slowly|steadily|linear\w*|until|up|like|to)\b|\b))"
        r"|\b(?:memory|RAM)\b.{0,40}\bsaw ?-?tooth\b|\bmemory leak\b(?!.{0,20}\?)"
        r"|\bSpeicher\w*\b.{0,40}\b(?:w[äa]chst|steigt)\b|\b(?:memoria|mem[óo]ria)\b.{0,40}\b(?:crece|sube"
        r"|cresce|aumenta)\b"
        r"|\bm[ée]moire\b.{0,40}\b(?:augmente|grimpe|monte)\b|памят\w{1,3}.{0,40}(?:раст[её]т|утека)"
        r"|\bpami[ęe][ćc]\b.{0,40}\bro[śs]nie\b|内存.{0,20}(?:一直|不断|持续|越来越)?(?:增长|上涨|升高|泄漏)"
        r"|メモリ.{0,20}(?:増え|増加|リーク)|메모리.{0,20}(?:증가|누수)))",
        "memory",
        "ram",
        "heap",
        "rss",
        "speicher",
        "memoria",
        "memória",
        "mémoire",
        "memoire",
        "памят",
        "pamięć",
        "内存",
        "メモリ",
        "메모리",
    ),
    says(
        "memory_plenty",
        r"(?P<what>\b(?:VM|host|server|machine|box|node|droplet|instance|it) (?:has|with) "
        r"(?:\d{1,4} ?(?:GB|G|GiB)\b).{0,40}\b(?:free|available|unused|left|bored|half empty)\b"
        r"|\b(?:\d{1,4} ?(?:GB|G|GiB)) (?:\w+ ){0,3}(?:free|unused|available)\b"
        r"|\b(?:plenty|lots|enough) of (?:free )?(?:memory|RAM)\b"
        r"|(?<!not )(?<!n't )(?<!no )(?<!not have )(?<!n't have )"
        r"\b(?:enough|plenty) (?:free )?(?:RAM|memory)\b"
        r"|\bRAM(?: and CPU| \+ CPU)? (?:is|are|looks?) (?:fine|ok|okay|free)\b|\bgenug (?:RAM|Speicher)\b"
        r"|\bmemoria (?:libre|de sobra)\b|内存(?:充足|足够|很多|还有))",
        "free",
        "available",
        "unused",
        "left",
        "bored",
        "half empty",
        "plenty",
        "lots",
        "enough",
        "ram ",
        "ram)",
        "genug",
        "libre",
        "de sobra",
        "内存",
    ),
    says(
        "small_machine",
        rf"(?P<what>\b(?:smallest|cheapest|tiny|tiniest|kleinste\w*|m[áa]s (?:peque[ñn]o|barato)|plus petit) "
        r"(?:\w+ )?(?:droplet|vps|instance|vm|server|plan|machine|node|box|v-?server|servidor|serveur)\b"
        r"|\b(?:t[23]a?\.(?:nano|micro)|t4g\.(?:nano|micro)|t1\.micro|[ef][12]-micro|f1-micro"
        r"|Standard_B1l?s|nanode"
        rf"|cx11)\b|\b(?:{_SMALL})\b(?: of)? (?:\w+ )?(?:{_RAM}|droplet|vps|instance|vm|server)"
        rf"|\bonly (?:has |have )?(?:{_SMALL})\b|\b(?:{_RAM})[: ]{{1,3}}(?:{_SMALL})\b"
        r"|\b(?:1|0\.5|半) ?[gG][bB]?内存|内存(?:只有|才) ?(?:512M|1 ?G))",
        "smallest",
        "cheapest",
        "tin",
        "kleinst",
        "pequeño",
        "pequeno",
        "barato",
        "petit",
        "nano",
        "micro",
        "standard_b1",
        "cx11",
        " of ",
        "only",
        "ram",
        "mem",
        "droplet",
        "vps",
        "instance",
        "vm",
        "server",
        "speicher",
        "памят",
        "内存",
        "記憶體",
        "メモリ",
        "메모리",
    ),
    says(
        "dies_silently",
        # A log alone that is empty is no end: the app may live, unless a restart brings it back.
        r"^(?!.*\b(?:access|nginx) log\b.{0,20}\bempty)"
        r"(?=.*\b(?:die[sd]?|dying|dead|down|end(?:s|ed)?|exit\w*|stop(?:s|ped)|crash(?! log)\w*|killed|gone"
        r"|restart\w*|vanish\w*|disappear\w*)\b)(?P<what>.*"
        r"(?:\b(?:error |app |pm2 |application )?logs?\b.{0,30}\b(?:is|are|stays?|remains?|was)"
        r" (?:completely |totally )?"
        r"(?:empty|clean|silent)\b|\bno (?:stack ?trace|traceback|exception|crash log|error message)s?\b"
        r"|\bnothing (?:at all )?(?:is )?in (?:the |its |my |any )?(?!nginx |access )(?:\w+ )?"
        r"(?:logs?|journal)\b))",
        "log",
        "trace",
        "exception",
        "error message",
        "journal",
    ),
    says(
        "dies_silently",
        r"(?P<what>.*"
        r"(?:\b(?:dies|died|stops?|exits?|vanish\w*|disappear\w*|gone)\b.{0,40}\bwithout (?:any |an? )?"
        r"(?:error|trace|message|log|word|output)\w*"
        r"|\bohne (?:jede |eine )?(?:Fehlermeldung|Spur|Meldung)\b|\bsin (?:ning[úu]n )?(?:error|mensaje"
        r"|rastro)\b"
        r"|\bsem (?:nenhum )?(?:erro|mensagem)\b|\bsans (?:aucune? )?(?:erreur|message|trace)\b"
        r"|\bsenza (?:alcun )?(?:errore|messaggio)\b|без (?:ошибок|сообщени|следов)|\bbez (?:b[łl][ęe]du"
        r"|komunikatu)\b"
        r"|(?:挂|停|退出|崩|死|消失|没了|重启|自动|关闭).{0,30}(?:没有|无|沒有)(?:任何)?(?:报错|错误(?:日志|信息)"
        r"|日志|報錯)|ログ(?:に|には)何も|エラーも?(?:出て)?(?:い)?ない"
        r"|로그.{0,10}(?:없|안 남)))",
        "without",
        "ohne",
        "sin ",
        "sem ",
        "sans",
        "senza",
        "без",
        "bez",
        "报错",
        "错误",
        "日志",
        "報錯",
        "ログ",
        "エラー",
        "로그",
    ),
    says(
        "all_hang",
        r"(?P<what>\beven (?:the |a |an |my |its )?(?:\w+ )?(?:health\w*|ping|status|static|simplest"
        r"|trivial|hello"
        r"|robots\.txt|favicon|/\w+)(?: \w+){0,3} (?:hangs?|times? out|504|never|is stuck|do(?:es)?(?: not"
        r"|n't) (?:answer"
        r"|respond))"
        r"|\b(?:all|every) (?:other |single )?(?:routes?|pages?|urls?|endpoints?|requests?|sites?"
        r"|paths?)\b.{0,25}"
        r"\b(?:hangs?|times? out|the same|504|stuck|no answer|never)\b"
        r"|(?:\bhealth\w*|/ping|/health\w*|/status|/up)\b.{0,25}\b(?:times? out|hangs?|never"
        r" answers)\b.{0,15}\b(?:too|as well|also)\b"
        r"|\b(?:accepts|takes) (?:the )?(?:connections?|requests?)\b.{0,30}\b(?:never|not|no) (?:answer"
        r"|respon|repl)\w*"
        r"|\bkeine? (?:einzige )?(?:Seite|Anfrage|Route)\w*\b.{0,30}\b(?:antwortet|l[äa]dt)"
        r"|\b(?:todas|todos) (?:las|los|as|os) (?:rutas|p[áa]ginas|peticiones|requisi[çc][õo]es)\b.{0,30}"
        r"\b(?:cuelgan|colgad|tard|trava)\w*|\btoutes les (?:pages|requ[êe]tes)\b.{0,30}\b(?:bloqu|timeout"
        r"|expir)\w*"
        r"|все (?:страницы|запросы).{0,30}(?:вис|завис|таймаут)"
        r"|所有(?:接口|请求|页面|路由).{0,20}(?:卡|超时|无响应|没响应)"
        r"|すべての(?:ページ|リクエスト).{0,20}(?:タイムアウト|応答|固ま))",
        "even ",
        " too",
        "as well",
        "also",
        "all ",
        "every ",
        "accepts",
        "takes",
        "kein",
        "todas",
        "todos",
        "toutes",
        "все ",
        "所有",
        "すべて",
    ),
    says(
        "idle",
        r"(?P<what>\b0 ?% (?:cpu|processor)\b|\bcpu\b[^.,;/]{0,24}(?<![\d.])(?:0 ?%|\bidle|nothing|at"
        r" zero|near zero|not"
        r" used|bored)"
        r"|\bin futex\b|\bfutex_wait\w*|\bno cpu (?:usage|load|use)\b|\bCPU-?(?:Last)? (?:ist )?(?:bei"
        r" )?(?:0|null)\b|cpu ?(?:占用"
        r"|使用率)?.{0,6}(?:(?<!\d)0%|很低|空闲))",
        "cpu",
        "futex",
    ),
    says(
        "fails_at_once",
        # What else comes at once is no answer; "immediately after a restart" says since when it fails.
        r"(?P<what>\b50[23]s?\b(?:(?!\b(?:because|then|die[sd]?|ends?|exits?|crash\w*)\b).){0,80}"
        r"\b(?:(?:instant(?:ly|aneous\w*)?|immediate(?:ly)?|right away)"
        r"\b(?! after (?:\w+ ){0,2}(?:re|up|de|in)?(?:start|boot|grad|dat|ploy|stall))"
        r"|at once|in (?:milliseconds|no time|\d{1,2} ?ms|under \d{1,2} ?ms)"
        r"|within (?:milliseconds|\d{1,2} ?ms)"
        r"|in 0(?:\.0\d{0,2})?(?:-|–| to )\d ?(?:ms|s)\b|in 0\.00\d?)"
        r"|\b(?:instant|immediate) 50[23]s?\b|\b50[23]\b.{0,40}\b(?:sofort|al instante|inmediatamente"
        r"|immédiat\w*|immediatement"
        r"|сразу|мгновенно|od razu|natychmiast|en milisegundos|in Millisekunden)\b|(?:立刻|立即|马上"
        r"|瞬间).{0,8}50[23]|50[23].{0,20}(?:すぐ|即座))",
        "502",
        "503",
    ),
    says(
        "well_after_load",
        r"(?P<what>\b(?:moment|as soon as|once|when|after) (?:the )?(?:load |stress |benchmark )?(?:test"
        r"|load|traffic"
        r"|peak|benchmark|rush|run) (?:is over|ends?|ended|stops?|stopped|drops?|dropped|goes down|is gone"
        r"|finish\w*)\b.{0,60}"
        r"\b(?:snappy|fine|normal|ok|okay|works?|well|fast|recovers?|again|back)\b"
        r"|\brecovers? (?:by itself |immediately |instantly )?(?:when|once|after|as soon as) (?:the"
        r" )?(?:load|traffic|test)\b"
        r"|\bnach dem (?:Last)?test\b.{0,30}\b(?:wieder|normal)|压测(?:停|结束|完).{0,20}(?:恢复|正常))",
        "test",
        "load",
        "traffic",
        "peak",
        "benchmark",
        "rush",
        "run ",
        "压测",
    ),
)
READERS: tuple[Reader, ...] = ()
