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
)
READERS: tuple[Reader, ...] = ()
