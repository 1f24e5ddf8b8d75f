"""What people claim of the host in a few words: the disk is full, the firewall is in the way, memory ran out.

Source: common phrases of reports in English, German, Spanish, Portuguese, French, Italian, Russian, Polish,
Chinese, Japanese and Korean; ufw(8), firewall-cmd(1).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "disk_told": "somebody writes in another language than English that a disk is full; fields: what",
    "config_test_told": "somebody writes that the proxy's own test refuses its files; fields: what",
    "config_breaks": "somebody writes that nginx refuses to reload since a file was changed; fields: what",
    "name_before_nginx": "somebody writes that nginx ends while what it dials is not up; fields: what",
    "memory_refused": "somebody writes that memory is refused though the host has some; fields: what",
    "filter_told": "somebody writes that it fails since a firewall is on, or works with it off; fields: what",
}
#: A question or a denial claims nothing.
_CLAIMED = (
    r"^(?!.*(?:\?|？|\bnicht\b|\bkeine?\b|\bno est[áa]\b|\bn[ãa]o est[áa]\b|\bn'est pas\b|\bnon [èe]\b"
    r"|\bне\b|\bnie jest\b|没有?满|不满|ではな|아니))"
)
_FILTER = (
    r"(?:firewall|ufw|firewalld|iptables|nftables|security group|pare-feu|cortafuegos|запор\w*"
    r"|файр\w*вол\w*|фаервол\w*|防火墙|防火牆|ファイア?ーウォール|방화벽)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "disk_told",
        _CLAIMED + r"(?P<what>.*(?:\b(?:Platte|Festplatte|Partition|SSD|Speicherplatz) (?:ist |war "
        r"|l[äa]uft )?(?:zu 100 ?% )?voll\b"
        r"|\bkein (?:freier )?(?:Speicher)?platz mehr\b|\b(?:disco|partici[óo]n|parti[çc][ãa]o)(?: duro|"
        r" r[íi]gido)? "
        r"(?:(?:est[áa]|estaba|estava) )?(?:llen[oa]|chei[oa]|al? 100 ?%)"
        r"|\bdisque (?:dur )?(?:est |[ée]tait )?plein\b|\bdisco (?:[èe]|era) pieno\b|диск (?:был "
        r"|полностью )?(?:забит|полон|заполнен|переполнен|кончил\w+)"
        r"|закончилось место|\bdysk (?:jest |by[łl] )?(?:pe[łl]ny|zape[łl]niony)|(?:磁盘|硬盘|磁碟"
        r"|硬碟)(?:空间)?(?:已经?|都|快)?(?:满|滿|爆|用完|不足)"
        r"|ディスク(?:容量)?(?:が|の空きが)(?:いっぱい|満杯|足り|不足|なくな)|디스크(?:가|용량이)?"
        r" ?(?:꽉|가득|부족|100)))",
        "platte",
        "partition",
        "ssd",
        "platz",
        "disco",
        "partici",
        "parti",
        "disque",
        "диск",
        "место",
        "dysk",
        "磁",
        "硬",
        "ディスク",
        "디스크",
    ),
    says(
        "filter_told",
        rf"^(?!.*\bselinux\b)(?P<what>.*(?:\b(?:since|after|when|once|ever since|as soon"
        rf" as)\b.{{0,25}}\b(?:enabl|activat|turn|switch|install|configur)\w*(?: on|"
        rf" up)?\b.{{0,12}}\b{_FILTER}"
        rf"|\b(?:works?|fine|ok)\b.{{0,25}}\b(?:when|if|with|after|once)\b.{{0,25}}\b(?:disabl|turn|stopp"
        rf"|switch|deactivat)\w*\b.{{0,12}}\b{_FILTER}(?: off| down)?"
        rf"|\b(?:works?|fine|ok)\b.{{0,25}}\b(?:without (?:the )?{_FILTER}|with (?:the )?{_FILTER} (?:off"
        rf"|disabled|stopped|down))"
        rf"|\b(?:seit|nachdem|sobald)\b.{{0,30}}\b{_FILTER}\b.{{0,20}}\b(?:an|aktiv\w*|ein\w*)\b"
        rf"|\b{_FILTER}\b.{{0,20}}\b(?:aus|deaktiviert|abgeschaltet)\w*\b.{{0,25}}\b(?:geht|l[äa]uft"
        rf"|funktioniert)"
        rf"|\b(?:desde que|tras|despu[ée]s de|depois de)\b.{{0,25}}\b(?:activ\w+|habilit\w+|instal\w+"
        rf"|ativ\w+|lig\w+|encend\w+)\b.{{0,12}}{_FILTER}"
        rf"|\b(?:depuis que|apr[èe]s)\b.{{0,25}}\bactiv\w+\b.{{0,12}}{_FILTER}|\b(?:da quando"
        rf"|dopo)\b.{{0,25}}\b(?:attivat\w+|abilitat\w+)\b.{{0,12}}{_FILTER}"
        rf"|после (?:включени\w+|установки|настройки) {_FILTER}|\bpo w[łl][ąa]czeniu {_FILTER}\w*|(?:开|打开"
        rf"|开启|启用|装)了?{_FILTER}(?:之后|以后|后|就)|关(?:掉|闭|了)?{_FILTER}.{{0,10}}(?:好|正常|可以)"
        rf"|{_FILTER}を(?:有効|オン).{{0,20}}(?:後|したら|から)|{_FILTER}을? ?(?:켜"
        rf"|활성화).{{0,12}}(?:후|면|고)))",
        "firewall",
        "ufw",
        "iptables",
        "nftables",
        "security group",
        "pare-feu",
        "cortafuegos",
        "файр",
        "фаервол",
        "防火",
        "ファイ",
        "방화벽",
    ),
    says("killed", r"[\"'`“„«]Killed[\"'`”“»]", "killed", signal="9"),
    says(
        "config_breaks",
        r"(?P<what>\b(?:after|since|when|once) (?:I |we )?(?:add|chang|edit|creat|insert|enabl"
        r"|put)\w*\b.{0,50}\b(?:vhost|virtual host"
        r"|server block|site|conf\w*|location|directive|snippet|map|include)s?\b.{0,40}\b(?:reload\w*"
        r"|nginx -t|test)\b.{0,20}"
        r"\b(?:fails?|failed|refus\w+|does(?:n't| not)|won't|error)"
        r"|\breload\w*\b.{0,20}\b(?:fails?|failed|refused)\b.{0,40}\b(?:old|other|existing) (?:sites?"
        r"|vhosts?|hosts?)\b.{0,20}\bwork)",
        "reload",
        "nginx -t",
        "test",
    ),
    says(
        "config_test_told",
        r"(?P<what>\b(?:nginx|apache2?|httpd|haproxy)\b.{0,60}\b(?:(?:config(?:uration)?"
        r"|syntax) ?-?(?:test|check)|configtest|nginx -t)\b.{0,20}"
        r"(?:\bfail(?:s|ed|ing)?\b|\bnot pass(?:ing|ed)?\b|n't pass\b))"
        r"(?!.{0,20}\bbefore\b)",
        "test",
        "check",
        "nginx -t",
    ),
    says(
        "name_before_nginx",
        r"(?P<what>\bnginx\b.{0,30}\b(?:exits?|exited|stops?|crash\w*|dies|die|quits?|won't start"
        r"|does(?:n't| not) start|fails to start)\b"
        r".{0,30}\b(?:when|if|because|as long as|unless|until|while|since)\b.{0,40}\b(?:backend|app|api"
        r"|service|upstream|container|web|host)s?\b"
        r".{0,20}\b(?:not|isn't|aren't|down|up first|started first|missing|away|is up|are up)\b)",
        "nginx",
    ),
    says(
        "same_port_set",
        r"\b(?:both|two)\b.{0,40}\b(?:publish|us|bind|map|expos|listen|want|claim|set)\w*\b(?: on|"
        r" to)?.{0,6}\b(?:the same (?:host )?port"
        r"|(?:port )?(?P<port>\d{2,5}))\b",
        "both",
        "two",
    ),
    says(
        "log_old",
        r"(?P<what>\berrors?\b.{0,30}\b(?:are|is|were|was) (?:all |only )?(?:from|of|dated) (?:\w+"
        r" )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct"
        r"|nov|dec)[a-z]*\b|\b(?:today|since then|now) there (?:are|is|were) (?:none|no(?:thing| errors?"
        r"| entries))\b)",
        "error",
        "today",
        "since then",
        "now ",
    ),
    says(
        "memory_refused",
        r"(?P<what>\b(?:out of memory|cannot allocate|ENOMEM|not enough memory)\b.{0,30}\b(?:although"
        r"|but|even though|while|despite|though|yet)\b"
        r".{0,60}(?:\b\d{1,4} ?(?:GB|G|GiB|%)|\bplenty|\benough|\bhalf|\bmost|\blots)\b"
        r"|\bulimit -v\b(?!.{0,20}unlimited)|\bLimitAS=(?!infinity))",
        "although",
        "but ",
        "though",
        "while",
        "despite",
        "yet",
        "ulimit -v",
        "limitas",
    ),
    says(
        "handled_less",
        r"\baccept(?:s|ed)?\b.{0,30}\b(?:larger|greater|more|higher|bigger|exceeds?"
        r"|ahead)\b.{0,15}\bhandled\b"
        r"|\bhandled\b.{0,25}\b(?:less|lower|smaller|fewer|behind|below)\b.{0,12}\baccept",
        "handled",
    ),
    says(
        "cut_off",
        r"\b(?:browser|curl|page|chrome|firefox|returns?|gives?|gets?|got|says|with)\b[^.]{0,20}"
        r"\b(?P<reason>empty (?:response|reply))\b(?! from server)",
        "empty re",
    ),
    says(
        "networks_told",
        r"(?P<what>\b(?:in )?(?:one|its own|the first|a first) (?:docker[- ])?compose (?:file|project"
        r"|stack|yml)\b.{0,60}\b(?:in )?(?:another"
        r"|a (?:different|separate|second)|its own|the (?:other|second))\b)",
        "compose",
    ),
)
READERS: tuple[Reader, ...] = ()
