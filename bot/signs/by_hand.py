"""What was done to the host before it failed: a reboot, a power cut, an app that ran in a terminal.

What somebody started in tmux, screen, a terminal or with nohup is gone after a reboot and nobody starts it; a
power cut leaves pid files behind.

Source: tmux(1), screen(1), nohup(1); systemd.special(7) (a reboot starts units alone); certbot "--pre-hook";
common phrases of reports in several languages.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "in_terminal": "the app was started in a terminal, tmux or screen; fields: what",
    "hung_up": "what a terminal started is sent a hang-up, or ends with the terminal; fields: what",
    "power_lost": "the host lost its power, or was unplugged; fields: what",
    "ends_at_boot": "Rails' server ends while it boots and says nothing of why",
    "proxy_stopped": "a command that stops the proxy, or somebody who did; fields: what",
}
_NGINX = r"(?:nginx|apache2?|httpd|haproxy|caddy|traefik)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "in_terminal",
        r"(?P<what>\btmux (?:new|attach|a\b|ls|new-session)\S*|\bscreen (?:-d?m?[SR]|-ls|-r|-dmS)\b"
        r"|\bnohup \S+.{0,80}(?:&|$)"
        r"|\b(?:in|inside|within|using|via|with|in an?|from an?) (?:a |an |the |my |einer? |una? |un |une"
        r" )?(?:tmux|screen(?= session| window|-| and|[.,]|$)"
        r"|byobu|(?:open )?terminal(?: window)?|ssh session|putty|console window|SSH-Sitzung|sesi[óo]n"
        r" (?:de )?ssh|session ssh)\b"
        r"|\b(?:started|launched|ran|run|starts?|gestartet|arranc\w+|lanc\w+|uruchom\w+) (?:it |the (?:app"
        r"|server|bot) |them )?"
        r"(?:by hand|manually|von Hand|manuell|a mano|manualmente|[àa] la main|r[ęe]cznie)\b"
        r"|(?:вручную|руками).{0,30}(?:запус|старт)|(?:запус|старт)\w+.{0,30}(?:вручную|руками|в screen|в"
        r" tmux)"
        r"|手动(?:启动|运行|起)|用 ?(?:screen|tmux|nohup)|手動で(?:起動|実行)|(?:수동으로|직접) ?실행)",
        "tmux",
        "screen",
        "nohup",
        "byobu",
        "terminal",
        "ssh",
        "putty",
        "console window",
        "by hand",
        "manual",
        "von hand",
        "manuell",
        "a mano",
        "la main",
        "ręcznie",
        "recznie",
        "вручную",
        "руками",
        "手动",
        "手動",
        "실행",
    ),
    says(
        "hung_up",
        r"(?P<what>(?<!-s )(?<!kill -)(?<!send )\b(?:SIG)?HUP\b(?: signal)? (?:is|was|gets?|got|being)"
        r" (?:being )?(?:sent|received|delivered)\b"
        r"|\b(?:gets?|got|receiv\w+|killed by|ends? (?:by|with|on)|dies (?:of|with|on)) (?:a |an |the )?"
        r"(?:SIGHUP|HUP signal|hang-?up signal|HUP)\b"
        r"|\b(?:when|once|after|as soon as|if) (?:I |we |you )?(?:clos\w+|exit\w*|quit\w*|log(?:ged"
        r"|ging)? (?:out|off)"
        r"(?: of| from)?|disconnect\w*(?: from)?|leav\w+|end\w*) (?:the |my |this |that |from )?"
        r"(?:terminal(?: window)?|ssh(?: session| connection)?|putty|console|shell|docker exec)\b.{0,60}"
        r"\b(?:50[234]|bad gateway|stops?|dies|ends?|exits?|goes (?:down|away)|is gone|down|killed"
        r"|shuts? down)\b)",
        "hup",
        "hangup signal",
        "hang-up signal",
        "terminal",
        "ssh",
        "putty",
        "console",
        "shell",
        "docker exec",
    ),
    says(
        "after_reboot",
        r"(?P<what>\b(?:rebooted|restarted|power[- ]?cycled) (?:all |the |our |my |every |both )?(?:\w+ )?"
        r"(?:nodes?|hosts?|servers?|machines?|vms?|hypervisors?)\b"
        r"|\b(?:server|host|machine|vm|vps|pi|box|droplet|nas|instance) (?:was |got |has been |had"
        r" )?(?:rebooted"
        r"|(?:a )?reboot(?:ed)?|restarted)\b"
        r"|\b(?:nach|seit) (?:dem |einem |der )?(?:Neustart|Reboot)(?! (?:von |des )?(?:nginx|der App|des"
        r" Dienstes))"
        r"|\b(?:tras|despu[ée]s de(?:l)?|desde el) (?:el |un )?(?:reinicio|reiniciar|apag[óo]n)(?!"
        r" (?:de(?:l)? )?nginx)"
        r"|\b(?:depois|ap[óo]s) (?:de |do |o |um )?(?:reiniciar|rein[íi]cio|reboot)(?! (?:o )?nginx)"
        r"|\bapr[èe]s (?:le |un )?(?:red[ée]marrage|reboot)(?! (?:de )?nginx)|\bdopo (?:il |un"
        r" )?(?:riavvio|reboot)(?! (?:di )?nginx)"
        r"|после (?:перезагрузки|ребута|перезапуска сервера)|\bpo (?:restarcie|ponownym uruchomieniu)"
        r" (?:serwera|maszyny)"
        r"|(?:服务器|机器|主机|系统|電腦|电脑)?重启(?:之)?后(?!.{0,4}nginx)"
        r"|重启(?:了)?(?:服务器|机器|主机)后?(?!.{0,2}(?:也|都|没|无|仍))"
        r"|(?:サーバー?|マシン|ホスト)(?:を|の)?再起動(?:後|したら|してから)"
        r"|(?:서버|재부팅) ?(?:재부팅|재시작|후))",
        "reboot",
        "restarted",
        "cycled",
        "neustart",
        "reinici",
        "apagón",
        "apagon",
        "reiníc",
        "redémarrage",
        "redemarrage",
        "riavvio",
        "перезагрузки",
        "ребута",
        "перезапуска",
        "po restarcie",
        "ponownym",
        "重启",
        "再起動",
        "재부팅",
        "서버",
    ),
    says(
        "power_lost",
        r"(?P<what>\bpower (?:outage|cut|failure|loss|went (?:out|off|down)|was (?:gone|out|off|lost"
        r"|cut))\b|\b(?:un|pulled the )plug\w*\b"
        r"|\blost power\b|\bblackout\b|\b(?:moved|took|carried|relocated|replugged) (?:the |my"
        r" )?(?:Raspberry )?(?:Pi|NAS|server|NUC|box|machine)\b"
        r"(?= to (?:another|a different|the (?:other|new)) (?:room|rack|place|desk|flat|house|location)|"
        r" away|\b.{0,20}\bunplug)"
        r"|\bStromausfall\b|\bStecker\b|\bapag[óo]n\b|\bcorte de (?:luz|energ[íi]a)\b|\bqueda de energia\b"
        r"|\b(?:coupure|panne) (?:de courant|d'[ée]lectricit[ée]|[ée]lectrique)\b|\bblackout\b|\bmancanza"
        r" di corrente\b"
        r"|отключ\w+ (?:света|электричеств\w+|питани\w+)|\bbrak(?:u)? pr[ąa]du\b|(?:停|断|斷)(?:了)?[电電]"
        r"|停電|정전)",
        "power ",
        "plug",
        "lost power",
        "blackout",
        "moved",
        "took",
        "carried",
        "relocated",
        "stromausfall",
        "stecker",
        "apag",
        "corte de",
        "queda de",
        "coupure",
        "panne",
        "mancanza",
        "отключ",
        "prądu",
        "pradu",
        "电",
        "電",
        "정전",
    ),
    says(
        "proxy_stopped",
        rf"(?P<what>\b(?:systemctl stop {_NGINX}|(?:service|rc-service|/etc/init\.d/) ?{_NGINX} stop"
        rf"|{_NGINX} -s (?:stop|quit)|brew services stop {_NGINX})\b)",
        "stop",
        "quit",
    ),
)
_LINE = re.compile(r"\AExiting\Z|[\"'`]Exiting[\"'`]")
_BOOTING = re.compile(r"=> Booting (?:Puma|WEBrick|Thin|Unicorn)")
_OTHER = re.compile(r"Listening on|already running|Error|error|Exception|rescue|`require'|can't|could not")


@given(_BOOTING, _LINE)
def _ends_at_boot(piece: Piece) -> Iterator[Sign]:
    """Rails says `=> Booting Puma` and `Exiting`, and nothing between them tells why."""
    if not _BOOTING.search(piece.text) or _OTHER.search(piece.text):
        return
    for line in piece.text.split("\n"):
        if _LINE.search(line.strip()):
            yield Sign(kind="ends_at_boot", line=line.strip())


READERS: tuple[Reader, ...] = (_ends_at_boot,)
