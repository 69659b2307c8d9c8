<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Mien</name>
    <message>
        <source>A camera gives what it can; a change starts it anew.</source>
        <translation>Eine Kamera gibt, was sie kann; eine Änderung startet sie neu.</translation>
    </message>
    <message>
        <source>A change starts the source anew.</source>
        <translation>Eine Änderung startet die Quelle neu.</translation>
    </message>
    <message>
        <source>Add your account to the group “video”, then sign out and in again:</source>
        <translation>Nehmen Sie Ihr Konto in die Gruppe „video“ auf und melden Sie sich dann ab und wieder an:</translation>
    </message>
    <message>
        <source>Another language takes effect at the next start.</source>
        <translation>Eine andere Sprache gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Another program uses it: close that one.</source>
        <translation>Ein anderes Programm benutzt sie: Schließen Sie es.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>As the camera gives it</source>
        <translation>So, wie die Kamera es liefert</translation>
    </message>
    <message>
        <source>As the camera has it</source>
        <translation>Wie von der Kamera vorgegeben</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie im System</translation>
    </message>
    <message>
        <source>At the desk</source>
        <translation>Am Schreibtisch</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Camera {number}</source>
        <translation>Kamera {number}</translation>
    </message>
    <message>
        <source>Cannot start</source>
        <translation>Start nicht möglich</translation>
    </message>
    <message>
        <source>Check its address, and that the camera is on.</source>
        <translation>Prüfen Sie die Adresse und ob die Kamera eingeschaltet ist.</translation>
    </message>
    <message>
        <source>Choose a camera</source>
        <translation>Kamera wählen</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Choose the automatic one in the settings: it needs no graphics card.</source>
        <translation>Wählen Sie in den Einstellungen die automatische: Sie braucht keine Grafikkarte.</translation>
    </message>
    <message>
        <source>Click a face to see its bars (Up, Down)</source>
        <translation>Klicken Sie auf ein Gesicht, um seine Balken zu sehen (Auf, Ab)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Farben des Fensters</translation>
    </message>
    <message>
        <source>Connect it, or choose another one above.</source>
        <translation>Schließen Sie sie an, oder wählen Sie oben eine andere.</translation>
    </message>
    <message>
        <source>Connect one and press Start. Or open a file, or look at the demo.</source>
        <translation>Schließen Sie eine an und drücken Sie „Start“. Oder öffnen Sie eine Datei, oder sehen Sie sich die Demo an.</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>Standardwerte</translation>
    </message>
    <message>
        <source>Drawn faces, to see how it works</source>
        <translation>Gezeichnete Gesichter, um zu sehen, wie es geht</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>Expression of the selected face</source>
        <translation>Ausdruck des ausgewählten Gesichts</translation>
    </message>
    <message>
        <source>Face {number}</source>
        <translation>Gesicht {number}</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Faces in the picture</source>
        <translation>Gesichter im Bild</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folder for recordings</source>
        <translation>Ordner für Aufnahmen</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Frames per second, over the last two seconds</source>
        <translation>Bilder pro Sekunde, über die letzten zwei Sekunden</translation>
    </message>
    <message>
        <source>From the capture of a picture to its reading: half of all take less than this</source>
        <translation>Von der Aufnahme eines Bildes bis zu seiner Auswertung: Bei der Hälfte dauert es weniger lang</translation>
    </message>
    <message>
        <source>How faces are looked for</source>
        <translation>Wie nach Gesichtern gesucht wird</translation>
    </message>
    <message>
        <source>In Settings &gt; Privacy &amp; security &gt; Camera, allow it to desktop apps. If it is allowed, another program uses the camera: close that one.</source>
        <translation>Erlauben Sie Desktop-Apps die Kamera unter Einstellungen &gt; Datenschutz und Sicherheit &gt; Kamera. Ist sie erlaubt, benutzt ein anderes Programm die Kamera: Schließen Sie es.</translation>
    </message>
    <message>
        <source>In System Settings &gt; Privacy &amp; Security &gt; Camera, allow it to the program that Mien was started from. If it is allowed, another program uses the camera: close that one.</source>
        <translation>Erlauben Sie die Kamera unter Systemeinstellungen &gt; Datenschutz &amp; Sicherheit &gt; Kamera dem Programm, aus dem Mien gestartet wurde. Ist sie erlaubt, benutzt ein anderes Programm die Kamera: Schließen Sie es.</translation>
    </message>
    <message>
        <source>In the room</source>
        <translation>Im Raum</translation>
    </message>
    <message>
        <source>Is not installed: {command}</source>
        <translation>Ist nicht installiert: {command}</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>Sprache des Fensters</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Live picture</source>
        <translation>Live-Bild</translation>
    </message>
    <message>
        <source>Longer is calmer, and slower to show a quick smile</source>
        <translation>Länger ist ruhiger, zeigt aber ein flüchtiges Lächeln später</translation>
    </message>
    <message>
        <source>Look at the demo</source>
        <translation>Demo ansehen</translation>
    </message>
    <message>
        <source>Mien may not use the camera</source>
        <translation>Mien darf die Kamera nicht benutzen</translation>
    </message>
    <message>
        <source>Needs an NVIDIA card, and none is here.</source>
        <translation>Braucht eine NVIDIA-Karte, und hier ist keine.</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>No face in view</source>
        <translation>Kein Gesicht im Bild</translation>
    </message>
    <message>
        <source>No graphics card is needed: the processor does the reading.</source>
        <translation>Eine Grafikkarte ist nicht nötig: Der Prozessor wertet aus.</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>Datei öffnen …</translation>
    </message>
    <message>
        <source>Open a video or a picture (Ctrl+O)</source>
        <translation>Video oder Bild öffnen (Strg+O)</translation>
    </message>
    <message>
        <source>Open the settings (Ctrl+,)</source>
        <translation>Einstellungen öffnen (Strg+,)</translation>
    </message>
    <message>
        <source>Pictures in a second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Bildrate</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Set everything on this page back</source>
        <translation>Alles auf dieser Seite zurücksetzen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>Show it as a mirror does</source>
        <translation>Wie im Spiegel zeigen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Small ones in large pictures</source>
        <translation>Kleine in großen Bildern</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Start the same source once more (Space)</source>
        <translation>Dieselbe Quelle noch einmal starten (Leertaste)</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>The camera does not open</source>
        <translation>Die Kamera lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>The camera gives no picture</source>
        <translation>Die Kamera liefert kein Bild</translation>
    </message>
    <message>
        <source>The end of {name}</source>
        <translation>Ende von {name}</translation>
    </message>
    <message>
        <source>The picture was lost</source>
        <translation>Das Bild ist verloren gegangen</translation>
    </message>
    <message>
        <source>The settings could not be read: the defaults are used, and the old file is {file}.</source>
        <translation>Die Einstellungen waren nicht lesbar: Es gelten die Standardwerte, und die alte Datei ist {file}.</translation>
    </message>
    <message>
        <source>The settings could not be read: the defaults are used.</source>
        <translation>Die Einstellungen waren nicht lesbar: Es gelten die Standardwerte.</translation>
    </message>
    <message>
        <source>The stream does not answer</source>
        <translation>Der Stream antwortet nicht</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>This camera is not connected</source>
        <translation>Diese Kamera ist nicht angeschlossen</translation>
    </message>
    <message>
        <source>This engine cannot run here</source>
        <translation>Diese Engine läuft hier nicht</translation>
    </message>
    <message>
        <source>This is a demo: the faces are drawn, and their readings mean nothing.</source>
        <translation>Das ist eine Demo: Die Gesichter sind gezeichnet, und was an ihnen abgelesen wird, bedeutet nichts.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Unplug it and plug it in again.</source>
        <translation>Ziehen Sie sie ab und stecken Sie sie wieder an.</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>What runs the face encoder</source>
        <translation>Was den Gesichts-Encoder ausführt</translation>
    </message>
    <message>
        <source>Where recordings go</source>
        <translation>Wohin Aufnahmen gespeichert werden</translation>
    </message>
    <message>
        <source>Whether boxes and labels are drawn into the video</source>
        <translation>Ob Rahmen und Beschriftungen ins Video gezeichnet werden</translation>
    </message>
    <message>
        <source>Width and height of the picture, in pixels</source>
        <translation>Breite und Höhe des Bildes in Pixeln</translation>
    </message>
    <message>
        <source>With boxes and labels</source>
        <translation>Mit Rahmen und Beschriftung</translation>
    </message>
    <message>
        <source>anger</source>
        <translation>Ärger</translation>
    </message>
    <message>
        <source>capture</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>contempt</source>
        <translation>Verachtung</translation>
    </message>
    <message>
        <source>crops</source>
        <translation>Ausschnitte</translation>
    </message>
    <message>
        <source>detection</source>
        <translation>Gesichtssuche</translation>
    </message>
    <message>
        <source>detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>disgust</source>
        <translation>Ekel</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <source>engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>fear</source>
        <translation>Angst</translation>
    </message>
    <message>
        <source>frames per second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>happiness</source>
        <translation>Freude</translation>
    </message>
    <message>
        <source>latency {milliseconds} ms</source>
        <translation>Verzögerung {milliseconds} ms</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>milliseconds</source>
        <translation>Millisekunden</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>neutral</translation>
    </message>
    <message>
        <source>painted per second</source>
        <translation>gezeichnet pro Sekunde</translation>
    </message>
    <message>
        <source>recognition</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>sadness</source>
        <translation>Trauer</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>Überraschung</translation>
    </message>
    <message>
        <source>to reading</source>
        <translation>bis zur Auswertung</translation>
    </message>
    <message>
        <source>to view</source>
        <translation>bis zur Anzeige</translation>
    </message>
    <message>
        <source>uncertainty {percent} %</source>
        <translation>Unsicherheit {percent} %</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>window thread</source>
        <translation>Fenster-Thread</translation>
    </message>
    <message>
        <source>{percent} % of a core</source>
        <translation>{percent} % eines Kerns</translation>
    </message>
    <message>
        <source>{rate} fps</source>
        <translation>{rate} Bilder/s</translation>
    </message>
    <message>
        <source>{rate} per second</source>
        <translation>{rate} pro Sekunde</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
</context>
</TS>
