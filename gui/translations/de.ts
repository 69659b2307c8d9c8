<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Mien</name>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Defaults</source>
        <translation>Stan&amp;dardwerte</translation>
    </message>
    <message>
        <source>&amp;Fetch</source>
        <translation>Herun&amp;terladen</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Laden …</translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation>&amp;Speichern …</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>1 face</source>
        <translation>1 Gesicht</translation>
    </message>
    <message>
        <source>1 picture left out</source>
        <translation>1 Bild ausgelassen</translation>
    </message>
    <message>
        <source>A camera gives what it can; a change starts it anew.</source>
        <translation>Eine Kamera gibt, was sie kann; eine Änderung startet sie neu.</translation>
    </message>
    <message>
        <source>A change starts the source anew.</source>
        <translation>Eine Änderung startet die Quelle neu.</translation>
    </message>
    <message>
        <source>A face is matched against these words. Describe each in English, a sentence a line.</source>
        <translation>Ein Gesicht wird mit diesen Worten verglichen. Beschreiben Sie jeden Ausdruck auf Englisch, ein Satz pro Zeile.</translation>
    </message>
    <message>
        <source>A file is missing</source>
        <translation>Eine Datei fehlt</translation>
    </message>
    <message>
        <source>A name has at most {count} characters.</source>
        <translation>Ein Name hat höchstens {count} Zeichen.</translation>
    </message>
    <message>
        <source>A recording that was cut off is whole again: {name}</source>
        <translation>Eine abgebrochene Aufnahme ist wieder vollständig: {name}</translation>
    </message>
    <message>
        <source>A sentence has a character that cannot be read.</source>
        <translation>Ein Satz enthält ein Zeichen, das sich nicht lesen lässt.</translation>
    </message>
    <message>
        <source>A sentence has at most {count} characters.</source>
        <translation>Ein Satz hat höchstens {count} Zeichen.</translation>
    </message>
    <message>
        <source>A span begins here ([); or drag over the plot with Shift</source>
        <translation>Hier beginnt eine Spanne ([); oder mit Umschalt über die Kurven ziehen</translation>
    </message>
    <message>
        <source>Add an expression, such as “a bored face” (Alt+A)</source>
        <translation>Ausdruck hinzufügen, etwa „a bored face“ (Alt+H)</translation>
    </message>
    <message>
        <source>Add videos</source>
        <translation>Videos hinzufügen</translation>
    </message>
    <message>
        <source>Add videos…</source>
        <translation>Videos hinzufügen …</translation>
    </message>
    <message>
        <source>Add your account to the group “video”, then sign out and in again:</source>
        <translation>Nehmen Sie Ihr Konto in die Gruppe „video“ auf und melden Sie sich dann ab und wieder an:</translation>
    </message>
    <message>
        <source>Address (rtsp, rtsps, http or https), with name and password if it needs them:</source>
        <translation>Adresse (rtsp, rtsps, http oder https), bei Bedarf mit Name und Passwort:</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Analyse videos: choose them, or drop them here</source>
        <translation>Videos auswerten: auswählen oder hier ablegen</translation>
    </message>
    <message>
        <source>Analyse what an earlier run did not come to</source>
        <translation>Auswerten, wozu ein früherer Lauf nicht kam</translation>
    </message>
    <message>
        <source>Analyse {title} next</source>
        <translation>{title} als Nächstes auswerten</translation>
    </message>
    <message>
        <source>Analysing</source>
        <translation>Wird ausgewertet</translation>
    </message>
    <message>
        <source>Analysing, {count} to go</source>
        <translation>Wird ausgewertet, noch {count}</translation>
    </message>
    <message>
        <source>Another expression has this name.</source>
        <translation>Ein anderer Ausdruck heißt schon so.</translation>
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
        <source>Applying…</source>
        <translation>Wird angewendet …</translation>
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
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back to the model&apos;s own expressions (Alt+D)</source>
        <translation>Zurück zu den eigenen Ausdrücken des Modells (Alt+D)</translation>
    </message>
    <message>
        <source>Bring the note back that was removed last (Ctrl+Z)</source>
        <translation>Die zuletzt gelöschte Notiz zurückholen (Strg+Z)</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Namen</translation>
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
        <source>Camera, stream or file (Ctrl+1)</source>
        <translation>Kamera, Stream oder Datei (Strg+1)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Cancel the analysis that runs and all that wait</source>
        <translation>Die laufende Auswertung und alle wartenden abbrechen</translation>
    </message>
    <message>
        <source>Cancel {title}</source>
        <translation>{title} abbrechen</translation>
    </message>
    <message>
        <source>Cannot open</source>
        <translation>Öffnen nicht möglich</translation>
    </message>
    <message>
        <source>Cannot start</source>
        <translation>Start nicht möglich</translation>
    </message>
    <message>
        <source>Changes are applied when the recording has ended.</source>
        <translation>Änderungen gelten, sobald die Aufnahme beendet ist.</translation>
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
        <source>Choose the folder…</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
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
        <source>Close this recording (Esc)</source>
        <translation>Diese Aufnahme schließen (Esc)</translation>
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
        <source>Delete files…</source>
        <translation>Dateien löschen …</translation>
    </message>
    <message>
        <source>Delete kept</source>
        <translation>Gespeichertes löschen</translation>
    </message>
    <message>
        <source>Delete the neutral that was kept</source>
        <translation>Das gespeicherte Neutral löschen</translation>
    </message>
    <message>
        <source>Delete these files for ever?</source>
        <translation>Diese Dateien endgültig löschen?</translation>
    </message>
    <message>
        <source>Demo with drawn faces</source>
        <translation>Demo mit gezeichneten Gesichtern</translation>
    </message>
    <message>
        <source>Describe it in a sentence, such as “{example}”.</source>
        <translation>Beschreiben Sie ihn in einem Satz, etwa „{example}“.</translation>
    </message>
    <message>
        <source>Describe {name}</source>
        <translation>{name} beschreiben</translation>
    </message>
    <message>
        <source>Describing new expressions needs a text model of {size} MB.</source>
        <translation>Um neue Ausdrücke zu beschreiben, ist ein Textmodell von {size} MB nötig.</translation>
    </message>
    <message>
        <source>Describing new expressions needs a text model, and Mien is offline.</source>
        <translation>Neue Ausdrücke zu beschreiben braucht ein Textmodell, und Mien ist offline.</translation>
    </message>
    <message>
        <source>Descriptions, a sentence a line</source>
        <translation>Beschreibungen, ein Satz pro Zeile</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Dismiss {title}</source>
        <translation>{title} ausblenden</translation>
    </message>
    <message>
        <source>Does a resting face read as a feeling?</source>
        <translation>Wird ein ruhendes Gesicht als Gefühl gelesen?</translation>
    </message>
    <message>
        <source>Drawn faces, to see how it works</source>
        <translation>Gezeichnete Gesichter, um zu sehen, wie es geht</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Elapsed time</source>
        <translation>Vergangene Zeit</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>Bild exportieren</translation>
    </message>
    <message>
        <source>Export picture…</source>
        <translation>Bild exportieren …</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Expression of the selected face</source>
        <translation>Ausdruck des ausgewählten Gesichts</translation>
    </message>
    <message>
        <source>Expressions</source>
        <translation>Ausdrücke</translation>
    </message>
    <message>
        <source>Expressions in the plot</source>
        <translation>Ausdrücke im Diagramm</translation>
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
        <source>Fetch what reads new descriptions, once</source>
        <translation>Einmalig herunterladen, was neue Beschreibungen liest</translation>
    </message>
    <message>
        <source>Fetching the text model…</source>
        <translation>Das Textmodell wird geladen …</translation>
    </message>
    <message>
        <source>Fetching: {done} of {total} MB</source>
        <translation>Wird geladen: {done} von {total} MB</translation>
    </message>
    <message>
        <source>Find again: choose the folder in which the files are now</source>
        <translation>Wiederfinden: Wählen Sie den Ordner, in dem die Dateien jetzt liegen</translation>
    </message>
    <message>
        <source>Find again…</source>
        <translation>Wiederfinden …</translation>
    </message>
    <message>
        <source>Five seconds back or on</source>
        <translation>Fünf Sekunden zurück oder weiter</translation>
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
        <source>Forget</source>
        <translation>Verwerfen</translation>
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
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Give it a name.</source>
        <translation>Geben Sie einen Namen an.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Go on (P)</source>
        <translation>Weiter (P)</translation>
    </message>
    <message>
        <source>Go there (Return); next moment (N), the one before (Shift+N)</source>
        <translation>Dorthin springen (Eingabe); nächster Moment (N), voriger (Umschalt+N)</translation>
    </message>
    <message>
        <source>Halt the timeline, or go on</source>
        <translation>Zeitverlauf anhalten oder weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Halt, to look back (P)</source>
        <translation>Anhalten, um zurückzublicken (P)</translation>
    </message>
    <message>
        <source>How faces are looked for</source>
        <translation>Wie nach Gesichtern gesucht wird</translation>
    </message>
    <message>
        <source>Import results: choose a folder that Mien has written to</source>
        <translation>Ergebnisse importieren: Wählen Sie einen Ordner, in den Mien geschrieben hat</translation>
    </message>
    <message>
        <source>Import results…</source>
        <translation>Ergebnisse importieren …</translation>
    </message>
    <message>
        <source>In English, a sentence a line</source>
        <translation>Auf Englisch, ein Satz pro Zeile</translation>
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
        <source>In which order the library is listed</source>
        <translation>In welcher Reihenfolge die Bibliothek gezeigt wird</translation>
    </message>
    <message>
        <source>Is not installed: {command}</source>
        <translation>Ist nicht installiert: {command}</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep it on this computer for another time; nothing is kept unless you ask</source>
        <translation>Auf diesem Computer für ein anderes Mal behalten; nichts wird behalten, ohne dass Sie es wünschen</translation>
    </message>
    <message>
        <source>Keep this picture</source>
        <translation>Dieses Bild speichern</translation>
    </message>
    <message>
        <source>Keep this picture (Ctrl+S)</source>
        <translation>Dieses Bild speichern (Strg+S)</translation>
    </message>
    <message>
        <source>Kept the picture as {name}</source>
        <translation>Bild gespeichert als {name}</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
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
        <source>Leave full screen</source>
        <translation>Vollbild verlassen</translation>
    </message>
    <message>
        <source>Left and Right jump by 5 seconds; comma and full stop go picture by picture while paused</source>
        <translation>Links und Rechts springen um 5 Sekunden; Komma und Punkt gehen bei Pause Bild für Bild</translation>
    </message>
    <message>
        <source>Left, Right, Home and End move, + and - zoom, 0 shows all</source>
        <translation>Links, Rechts, Pos1 und Ende bewegen, + und - vergrößern, 0 zeigt alles</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Library: open</source>
        <translation>Bibliothek: öffnen</translation>
    </message>
    <message>
        <source>Library: remove from the list</source>
        <translation>Bibliothek: aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Library: rename</source>
        <translation>Bibliothek: umbenennen</translation>
    </message>
    <message>
        <source>Library: search</source>
        <translation>Bibliothek: suchen</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>List everything again</source>
        <translation>Wieder alles auflisten</translation>
    </message>
    <message>
        <source>List what mien video has written to a folder</source>
        <translation>Auflisten, was „mien video“ in einen Ordner geschrieben hat</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Live picture</source>
        <translation>Live-Bild</translation>
    </message>
    <message>
        <source>Load a prompts file (Alt+L)</source>
        <translation>Prompt-Datei laden (Alt+L)</translation>
    </message>
    <message>
        <source>Load expressions</source>
        <translation>Ausdrücke laden</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>Suchen …</translation>
    </message>
    <message>
        <source>Longer is calmer, and slower to show a quick smile</source>
        <translation>Länger ist ruhiger, zeigt aber ein flüchtiges Lächeln später</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>Längste zuerst</translation>
    </message>
    <message>
        <source>Look at the demo</source>
        <translation>Demo ansehen</translation>
    </message>
    <message>
        <source>Look for it, or not (Space)</source>
        <translation>Danach suchen oder nicht (Leertaste)</translation>
    </message>
    <message>
        <source>Look for {name}</source>
        <translation>Nach {name} suchen</translation>
    </message>
    <message>
        <source>Look neutral for three seconds; this face is then read against it (Ctrl+N)</source>
        <translation>Schauen Sie drei Sekunden lang neutral; dieses Gesicht wird dann im Vergleich dazu ausgewertet (Strg+N)</translation>
    </message>
    <message>
        <source>Look neutral for three seconds…</source>
        <translation>Schauen Sie drei Sekunden lang neutral …</translation>
    </message>
    <message>
        <source>Mien may not use the camera</source>
        <translation>Mien darf die Kamera nicht benutzen</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Spiegeln</translation>
    </message>
    <message>
        <source>Mostly {label}, in {share} % of the pictures (F2 to name)</source>
        <translation>Meist {label}, in {share} % der Bilder (F2 zum Benennen)</translation>
    </message>
    <message>
        <source>My neutral</source>
        <translation>Mein Neutral</translation>
    </message>
    <message>
        <source>My neutral: take or undo</source>
        <translation>Mein Neutral: aufnehmen oder zurücknehmen</translation>
    </message>
    <message>
        <source>Name of the expression</source>
        <translation>Name des Ausdrucks</translation>
    </message>
    <message>
        <source>Name, such as “bored”</source>
        <translation>Name, etwa „gelangweilt“</translation>
    </message>
    <message>
        <source>Needs an NVIDIA card, and none is here.</source>
        <translation>Braucht eine NVIDIA-Karte, und hier ist keine.</translation>
    </message>
    <message>
        <source>New note</source>
        <translation>Neue Notiz</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Als Nächstes</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>No description yet</source>
        <translation>Noch keine Beschreibung</translation>
    </message>
    <message>
        <source>No face in view</source>
        <translation>Kein Gesicht im Bild</translation>
    </message>
    <message>
        <source>No face was seen.</source>
        <translation>Kein Gesicht wurde gesehen.</translation>
    </message>
    <message>
        <source>No face yet. What is read in one is drawn here.</source>
        <translation>Noch kein Gesicht. Was in einem gelesen wird, erscheint hier.</translation>
    </message>
    <message>
        <source>No graphics card is needed: the processor does the reading.</source>
        <translation>Eine Grafikkarte ist nicht nötig: Der Prozessor wertet aus.</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>No title, source, name or note has “{query}” in it.</source>
        <translation>Kein Titel, keine Quelle, kein Name und keine Notiz enthält „{query}“.</translation>
    </message>
    <message>
        <source>None stands out.</source>
        <translation>Keiner sticht hervor.</translation>
    </message>
    <message>
        <source>None yet.</source>
        <translation>Noch keine.</translation>
    </message>
    <message>
        <source>None, the table alone</source>
        <translation>Keines, nur die Tabelle</translation>
    </message>
    <message>
        <source>Not applied yet: an expression is unfinished.</source>
        <translation>Noch nicht angewendet: Ein Ausdruck ist unfertig.</translation>
    </message>
    <message>
        <source>Note on this moment (Ctrl+N)</source>
        <translation>Notiz zu diesem Moment (Strg+N)</translation>
    </message>
    <message>
        <source>Note on {when} (Ctrl+N)</source>
        <translation>Notiz zu {when} (Strg+N)</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Notes…</source>
        <translation>Notizen …</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>Nothing here yet</source>
        <translation>Hier ist noch nichts</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>One analysis was not finished last time.</source>
        <translation>Eine Auswertung wurde letztes Mal nicht fertig.</translation>
    </message>
    <message>
        <source>One picture back or on, while paused</source>
        <translation>Ein Bild zurück oder weiter, wenn angehalten</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open a file</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>Datei öffnen …</translation>
    </message>
    <message>
        <source>Open a stream</source>
        <translation>Stream öffnen</translation>
    </message>
    <message>
        <source>Open a video or a picture</source>
        <translation>Video oder Bild öffnen</translation>
    </message>
    <message>
        <source>Open a video or a picture (Ctrl+O)</source>
        <translation>Video oder Bild öffnen (Strg+O)</translation>
    </message>
    <message>
        <source>Open a video, a picture or a stream</source>
        <translation>Video, Bild oder Stream öffnen</translation>
    </message>
    <message>
        <source>Open a video, a picture or a stream (Ctrl+O, Ctrl+L)</source>
        <translation>Video, Bild oder Stream öffnen (Strg+O, Strg+L)</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open the settings (Ctrl+,)</source>
        <translation>Einstellungen öffnen (Strg+,)</translation>
    </message>
    <message>
        <source>Opening the library…</source>
        <translation>Die Bibliothek wird geöffnet…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <source>Order of the library</source>
        <translation>Reihenfolge der Bibliothek</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>Pause (Leertaste)</translation>
    </message>
    <message>
        <source>Paused. Drag or scroll to look back.</source>
        <translation>Angehalten. Zum Zurückblicken ziehen oder scrollen.</translation>
    </message>
    <message>
        <source>People look into their own camera as into a mirror (Ctrl+M)</source>
        <translation>In die eigene Kamera schaut man wie in einen Spiegel (Strg+M)</translation>
    </message>
    <message>
        <source>Picture of the recording</source>
        <translation>Bild der Aufnahme</translation>
    </message>
    <message>
        <source>Pictures in a second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Plain video, and a table</source>
        <translation>Unverändertes Video und eine Tabelle</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation>Abspielen (Leertaste)</translation>
    </message>
    <message>
        <source>Play or pause a file</source>
        <translation>Datei abspielen oder anhalten</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Press Start, or open a file.</source>
        <translation>Drücken Sie „Start“, oder öffnen Sie eine Datei.</translation>
    </message>
    <message>
        <source>Probabilities over time</source>
        <translation>Wahrscheinlichkeiten im Zeitverlauf</translation>
    </message>
    <message>
        <source>Progress of {title}</source>
        <translation>Fortschritt von {title}</translation>
    </message>
    <message>
        <source>Prompts files (*.toml)</source>
        <translation>Prompt-Dateien (*.toml)</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Bildrate</translation>
    </message>
    <message>
        <source>Read against this person&apos;s own neutral.</source>
        <translation>Im Vergleich zum eigenen Neutral dieser Person ausgewertet.</translation>
    </message>
    <message>
        <source>Read this face against the neutral that was kept</source>
        <translation>Dieses Gesicht im Vergleich zum gespeicherten Neutral auswerten</translation>
    </message>
    <message>
        <source>Read this face as every other again (Ctrl+N)</source>
        <translation>Dieses Gesicht wieder wie jedes andere auswerten (Strg+N)</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Reading the model…</source>
        <translation>Das Modell wird gelesen …</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Record (Ctrl+R)</source>
        <translation>Aufnehmen (Strg+R)</translation>
    </message>
    <message>
        <source>Recorded {length} to {name}</source>
        <translation>{length} aufgenommen in {name}</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Recordings and analysed videos</source>
        <translation>Aufnahmen und ausgewertete Videos</translation>
    </message>
    <message>
        <source>Recordings and analysed videos (Ctrl+2)</source>
        <translation>Aufnahmen und ausgewertete Videos (Strg+2)</translation>
    </message>
    <message>
        <source>Recordings and analysed videos are listed here. Drop a video to analyse it, or choose one.</source>
        <translation>Hier stehen Aufnahmen und ausgewertete Videos. Legen Sie ein Video zum Auswerten hier ab, oder wählen Sie eines.</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Remove it (Space)</source>
        <translation>Entfernen (Leertaste)</translation>
    </message>
    <message>
        <source>Remove {count} entries from the list?</source>
        <translation>{count} Einträge aus der Liste entfernen?</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
    <message>
        <source>Remove {title} from the list?</source>
        <translation>{title} aus der Liste entfernen?</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Wiedergabe</translation>
    </message>
    <message>
        <source>Replay: back to the library</source>
        <translation>Wiedergabe: zurück zur Bibliothek</translation>
    </message>
    <message>
        <source>Replay: begin a span, end it</source>
        <translation>Wiedergabe: Spanne beginnen, beenden</translation>
    </message>
    <message>
        <source>Replay: export</source>
        <translation>Wiedergabe: exportieren</translation>
    </message>
    <message>
        <source>Replay: name a face</source>
        <translation>Wiedergabe: Gesicht benennen</translation>
    </message>
    <message>
        <source>Replay: next moment, or the one before</source>
        <translation>Wiedergabe: nächster Moment, oder voriger</translation>
    </message>
    <message>
        <source>Replay: put back a note that was removed</source>
        <translation>Wiedergabe: entfernte Notiz zurückholen</translation>
    </message>
    <message>
        <source>Replay: write a note</source>
        <translation>Wiedergabe: Notiz schreiben</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Save as a prompts file, also for the command line (Alt+S)</source>
        <translation>Als Prompt-Datei speichern, auch für die Befehlszeile (Alt+S)</translation>
    </message>
    <message>
        <source>Save expressions</source>
        <translation>Ausdrücke speichern</translation>
    </message>
    <message>
        <source>Save what is seen as PNG or SVG</source>
        <translation>Das Gezeigte als PNG oder SVG speichern</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
    <message>
        <source>Saved {path}</source>
        <translation>{path} gespeichert</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert …</translation>
    </message>
    <message>
        <source>Say where the video is now</source>
        <translation>Angeben, wo das Video jetzt liegt</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>Bibliothek durchsuchen</translation>
    </message>
    <message>
        <source>Search titles, sources, names of faces and notes (Ctrl+F)</source>
        <translation>Titel, Quellen, Namen von Gesichtern und Notizen durchsuchen (Strg+F)</translation>
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
        <source>Settings (Ctrl+,)</source>
        <translation>Einstellungen (Strg+,)</translation>
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
        <source>Show its descriptions (Enter in its name)</source>
        <translation>Beschreibungen zeigen (Eingabe im Namen)</translation>
    </message>
    <message>
        <source>Show or hide {name} (Space); with Shift, only this one</source>
        <translation>{name} zeigen oder verbergen (Leertaste); mit Umschalt nur diesen Ausdruck</translation>
    </message>
    <message>
        <source>Show the folder that it is in</source>
        <translation>Den Ordner anzeigen, in dem sie liegt</translation>
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
        <source>Some settings could not be used, and have their defaults: {names}.</source>
        <translation>Einige Einstellungen waren unbrauchbar und haben ihre Standardwerte: {names}.</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Start or stop</source>
        <translation>Starten oder anhalten</translation>
    </message>
    <message>
        <source>Start or stop (Space)</source>
        <translation>Starten oder anhalten (Leertaste)</translation>
    </message>
    <message>
        <source>Start the same source once more (Space)</source>
        <translation>Dieselbe Quelle noch einmal starten (Leertaste)</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Wird gestartet …</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop fetching; it can be begun again</source>
        <translation>Herunterladen abbrechen; es lässt sich wieder beginnen</translation>
    </message>
    <message>
        <source>Stop recording (Ctrl+R)</source>
        <translation>Aufnahme beenden (Strg+R)</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Stopped. Drag or scroll to look back.</source>
        <translation>Beendet. Zum Zurückblicken ziehen oder scrollen.</translation>
    </message>
    <message>
        <source>Stream…</source>
        <translation>Stream …</translation>
    </message>
    <message>
        <source>Strongest moments</source>
        <translation>Stärkste Momente</translation>
    </message>
    <message>
        <source>Switch on two expressions at least.</source>
        <translation>Schalten Sie mindestens zwei Ausdrücke ein.</translation>
    </message>
    <message>
        <source>Table only</source>
        <translation>Nur die Tabelle</translation>
    </message>
    <message>
        <source>Table with names and notes…</source>
        <translation>Tabelle mit Namen und Notizen …</translation>
    </message>
    <message>
        <source>Take back the last removal, loading or return to the defaults (Alt+U)</source>
        <translation>Das letzte Entfernen, Laden oder Zurücksetzen zurücknehmen (Alt+R)</translation>
    </message>
    <message>
        <source>Take them off the queue; the videos stay where they are</source>
        <translation>Aus der Warteschlange nehmen; die Videos bleiben, wo sie sind</translation>
    </message>
    <message>
        <source>Taking it…</source>
        <translation>Wird aufgenommen …</translation>
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
        <source>The disk of {folder} does not answer, and the recording ended.</source>
        <translation>Der Datenträger von {folder} antwortet nicht, und die Aufnahme endete.</translation>
    </message>
    <message>
        <source>The disk of {folder} is nearly full ({size} MB free): make room, or choose another.</source>
        <translation>Der Datenträger von {folder} ist fast voll ({size} MB frei): Schaffen Sie Platz, oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>The expressions were changed, and the recording ended: start another.</source>
        <translation>Die Ausdrücke wurden geändert, und die Aufnahme endete: Starten Sie eine neue.</translation>
    </message>
    <message>
        <source>The files stay. Names and notes are lost.</source>
        <translation>Die Dateien bleiben. Namen und Notizen gehen verloren.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be reached any more: {reason}.</source>
        <translation>Der Ordner {folder} ist nicht mehr erreichbar: {reason}.</translation>
    </message>
    <message>
        <source>The list of expressions that was kept</source>
        <translation>Die gespeicherte Liste der Ausdrücke</translation>
    </message>
    <message>
        <source>The name has a character that cannot be shown.</source>
        <translation>Der Name enthält ein Zeichen, das sich nicht anzeigen lässt.</translation>
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
        <source>The span ends here (]); or drag over the plot with Shift</source>
        <translation>Hier endet die Spanne (]); oder mit Umschalt über die Kurven ziehen</translation>
    </message>
    <message>
        <source>The stream does not answer</source>
        <translation>Der Stream antwortet nicht</translation>
    </message>
    <message>
        <source>The video {path} is not there. Plot and notes work without it.</source>
        <translation>Das Video {path} ist nicht da. Diagramm und Notizen gehen auch ohne.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>There is no video of this recording, only its table.</source>
        <translation>Zu dieser Aufnahme gibt es kein Video, nur die Tabelle.</translation>
    </message>
    <message>
        <source>These expressions are too long to be kept for the next time: save them to a file.</source>
        <translation>Diese Ausdrücke sind zu lang, um für das nächste Mal behalten zu werden: Speichern Sie sie in eine Datei.</translation>
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
        <source>Timeline</source>
        <translation>Zeitverlauf</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Try {title} again</source>
        <translation>{title} noch einmal versuchen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Unplug it and plug it in again.</source>
        <translation>Ziehen Sie sie ab und stecken Sie sie wieder an.</translation>
    </message>
    <message>
        <source>Use kept</source>
        <translation>Gespeichertes verwenden</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>Video or picture…</source>
        <translation>Video oder Bild …</translation>
    </message>
    <message>
        <source>Video with the readings, and a table</source>
        <translation>Video mit Auswertung und eine Tabelle</translation>
    </message>
    <message>
        <source>Videos ({endings});;All files (*)</source>
        <translation>Videos ({endings});;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Videos and pictures</source>
        <translation>Videos und Bilder</translation>
    </message>
    <message>
        <source>What is read in the selected face</source>
        <translation>Was im ausgewählten Gesicht gelesen wird</translation>
    </message>
    <message>
        <source>What is recorded, and where</source>
        <translation>Was aufgenommen wird, und wohin</translation>
    </message>
    <message>
        <source>What it is called beside a face and in tables (Return: describe it)</source>
        <translation>Wie er neben einem Gesicht und in Tabellen heißt (Eingabe: beschreiben)</translation>
    </message>
    <message>
        <source>What runs the face encoder</source>
        <translation>Was den Gesichts-Encoder ausführt</translation>
    </message>
    <message>
        <source>Where is the video?</source>
        <translation>Wo ist das Video?</translation>
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
        <source>Which are looked for, in words (Ctrl+E)</source>
        <translation>Wonach gesucht wird, in Worten (Strg+E)</translation>
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
        <source>Write a note on this moment, or on the marked span (Ctrl+N)</source>
        <translation>Notiz zu diesem Moment oder zur markierten Spanne schreiben (Strg+N)</translation>
    </message>
    <message>
        <source>Write the notes, or the table with names and notes, to a file (Ctrl+E)</source>
        <translation>Die Notizen, oder die Tabelle mit Namen und Notizen, in eine Datei schreiben (Strg+E)</translation>
    </message>
    <message>
        <source>Written: {path}</source>
        <translation>Geschrieben: {path}</translation>
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
        <source>disk full in {minutes} min</source>
        <translation>Datenträger in {minutes} min voll</translation>
    </message>
    <message>
        <source>disk full within a minute</source>
        <translation>Datenträger in weniger als einer Minute voll</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <source>end</source>
        <translation>Ende</translation>
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
        <source>no face</source>
        <translation>kein Gesicht</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>painted per second</source>
        <translation>gezeichnet pro Sekunde</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>Pause</translation>
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
        <source>starting…</source>
        <translation>startet …</translation>
    </message>
    <message>
        <source>stopped early</source>
        <translation>vorzeitig beendet</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>Überraschung</translation>
    </message>
    <message>
        <source>the last {time}</source>
        <translation>die letzten {time}</translation>
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
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>window thread</source>
        <translation>Fenster-Thread</translation>
    </message>
    <message>
        <source>{count} analyses were not finished last time.</source>
        <translation>{count} Auswertungen wurden letztes Mal nicht fertig.</translation>
    </message>
    <message>
        <source>{count} expressions in use.</source>
        <translation>{count} Ausdrücke in Gebrauch.</translation>
    </message>
    <message>
        <source>{count} faces</source>
        <translation>{count} Gesichter</translation>
    </message>
    <message>
        <source>{count} notes are near no face, and so not in the table.</source>
        <translation>{count} Notizen liegen bei keinem Gesicht und stehen daher nicht in der Tabelle.</translation>
    </message>
    <message>
        <source>{count} pictures left out</source>
        <translation>{count} Bilder ausgelassen</translation>
    </message>
    <message>
        <source>{line} What was recorded is kept, and finished when Mien starts the next time.</source>
        <translation>{line} Was aufgenommen wurde, bleibt erhalten und wird beim nächsten Start von Mien fertiggestellt.</translation>
    </message>
    <message>
        <source>{name} gives no picture: waiting until it is back</source>
        <translation>{name} liefert kein Bild: Mien wartet, bis sie wieder da ist</translation>
    </message>
    <message>
        <source>{name} is back</source>
        <translation>{name} ist wieder da</translation>
    </message>
    <message>
        <source>{name} is neither a video nor results of Mien: add videos, or a results folder.</source>
        <translation>{name} ist weder ein Video noch ein Ergebnis von Mien: Fügen Sie Videos oder einen Ergebnisordner hinzu.</translation>
    </message>
    <message>
        <source>{name} is not in {folder}.</source>
        <translation>{name} ist nicht in {folder}.</translation>
    </message>
    <message>
        <source>{name} {percent} %</source>
        <translation>{name} {percent} %</translation>
    </message>
    <message>
        <source>{note}
(F2 to change, Delete to remove)</source>
        <translation>{note}
(F2 zum Ändern, Entf zum Löschen)</translation>
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
        <source>{rate} frames a second</source>
        <translation>{rate} Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>{rate} per second</source>
        <translation>{rate} pro Sekunde</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{source}
Enter opens, F2 renames, Del removes from the list</source>
        <translation>{source}
Eingabe öffnet, F2 benennt um, Entf entfernt aus der Liste</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>{title} has no table: analyse the video to get one.</source>
        <translation>{title} hat keine Tabelle: Werten Sie das Video aus, um eine zu erhalten.</translation>
    </message>
</context>
</TS>
