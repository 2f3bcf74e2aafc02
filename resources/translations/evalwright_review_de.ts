<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Review</name>
    <message>
        <source>Your answers are in this file. Send it back to whoever gave you the work:
%1</source>
        <translation>Ihre Antworten stehen in dieser Datei. Bitte senden Sie sie an die Person zurück, von der Sie die Aufgabe haben:
%1</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Ausschneiden</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Guideline, version %1</source>
        <translation>Leitfaden, Fassung %1</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>Leitfaden</translation>
    </message>
    <message>
        <source>This review has no guideline.</source>
        <translation>Zu dieser Bewertung gibt es keinen Leitfaden.</translation>
    </message>
    <message>
        <source>Key %1</source>
        <translation>Taste %1</translation>
    </message>
    <message>
        <source>%1 (optional)</source>
        <translation>%1 (freiwillig)</translation>
    </message>
    <message>
        <source>%1 Key %2</source>
        <translation>%1 Taste %2</translation>
    </message>
    <message>
        <source>Broken</source>
        <translation>Unbrauchbar</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Kommentar</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>You skipped this item. An answer now is stored as a correction.</source>
        <translation>Sie haben dieses Item übersprungen. Eine Antwort wird jetzt als Korrektur gespeichert.</translation>
    </message>
    <message>
        <source>You called this item broken. An answer now is stored as a correction.</source>
        <translation>Sie haben dieses Item als unbrauchbar bezeichnet. Eine Antwort wird jetzt als Korrektur gespeichert.</translation>
    </message>
    <message>
        <source>You have judged this item. What you change is stored as a correction.</source>
        <translation>Sie haben dieses Item schon bewertet. Änderungen werden als Korrektur gespeichert.</translation>
    </message>
    <message>
        <source>Occupation: %1 · other person: %2</source>
        <translation>Beruf: %1 · andere Person: %2</translation>
    </message>
    <message>
        <source>This question has no answer yet: %1</source>
        <translation>Diese Frage ist noch nicht beantwortet: %1</translation>
    </message>
    <message>
        <source>Nothing has been stored in this sitting. %1 shows earlier items.</source>
        <translation>In dieser Sitzung wurde noch nichts gespeichert. %1 zeigt frühere Items.</translation>
    </message>
    <message>
        <source>These questions have no comment.</source>
        <translation>Zu diesen Fragen gibt es kein Kommentarfeld.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Copy the message and its details</source>
        <translation>Meldung mit Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Raw text of the error</source>
        <translation>Fehlermeldung im Wortlaut</translation>
    </message>
    <message>
        <source>You are through with your list. Everything is stored.</source>
        <translation>Sie sind mit Ihrer Liste fertig. Alles ist gespeichert.</translation>
    </message>
    <message>
        <source>The review has all the judgements that it needs. Everything is stored.</source>
        <translation>Für diese Bewertung liegen genug Urteile vor. Alles ist gespeichert.</translation>
    </message>
    <message>
        <source>Your part in this review ends here. Everything is stored.</source>
        <translation>Ihr Teil dieser Bewertung endet hier. Alles ist gespeichert.</translation>
    </message>
    <message>
        <source>Undo the last one</source>
        <translation>Letztes zurücknehmen</translation>
    </message>
    <message>
        <source>Look at earlier items</source>
        <translation>Frühere Items ansehen</translation>
    </message>
    <message>
        <source>Thank you</source>
        <translation>Vielen Dank</translation>
    </message>
    <message>
        <source>Judged: %1 · skipped: %2 · broken: %3</source>
        <translation>Bewertet: %1 · übersprungen: %2 · unbrauchbar: %3</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>You have been rating for 30 minutes. A short break keeps judgements steady.</source>
        <translation>Sie bewerten seit 30 Minuten. Eine kurze Pause hält die Urteile gleichmäßig.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Larger type</source>
        <translation>Größere Schrift</translation>
    </message>
    <message>
        <source>Smaller type</source>
        <translation>Kleinere Schrift</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Show the pace</source>
        <translation>Tempo anzeigen</translation>
    </message>
    <message>
        <source>Go on after the last answer</source>
        <translation>Nach der letzten Antwort weitergehen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Übung</translation>
    </message>
    <message>
        <source>Review · %1</source>
        <translation>Bewertung · %1</translation>
    </message>
    <message>
        <source>rater %1</source>
        <translation>Kürzel %1</translation>
    </message>
    <message>
        <source>%1 of %2 · %3 %</source>
        <translation>%1 von %2 · %3 %</translation>
    </message>
    <message>
        <source>%1 a minute</source>
        <translation>%1 pro Minute</translation>
    </message>
    <message>
        <source>Back to the items</source>
        <translation>Zurück zu den Items</translation>
    </message>
    <message>
        <source>Your code</source>
        <translation>Ihr Kürzel</translation>
    </message>
    <message>
        <source>You rate as %1.</source>
        <translation>Sie bewerten unter dem Kürzel %1.</translation>
    </message>
    <message>
        <source>Letters, digits, “.”, “_” and “-”. Not your name and not an address.</source>
        <translation>Buchstaben ohne Umlaute, Ziffern, „.“, „_“ und „-“. Weder Ihr Name noch eine Adresse.</translation>
    </message>
    <message>
        <source>What you are asked</source>
        <translation>Was Sie gefragt werden</translation>
    </message>
    <message>
        <source>Everything works with keys alone. “?” shows them.</source>
        <translation>Alles geht auch allein mit Tasten; „?“ oder F1 zeigt sie.</translation>
    </message>
    <message>
        <source>Practice: two minutes</source>
        <translation>Übung: zwei Minuten</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Beginnen</translation>
    </message>
    <message>
        <source>Judgements are kept under a code. Type yours to begin.</source>
        <translation>Urteile werden unter einem Kürzel gespeichert. Geben Sie Ihres ein, um zu beginnen.</translation>
    </message>
    <message>
        <source>Practice is over: %1 of %2 right.</source>
        <translation>Die Übung ist zu Ende: %1 von %2 richtig.</translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>noch etwa %n min</numerusform>
            <numerusform>noch etwa %n min</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReviewErrors</name>
    <message>
        <source>The review cannot be opened.</source>
        <translation>Die Bewertung lässt sich nicht öffnen.</translation>
    </message>
    <message>
        <source>The item cannot be read.</source>
        <translation>Das Item lässt sich nicht lesen.</translation>
    </message>
    <message>
        <source>The judgement was not stored. Your answers are still here.</source>
        <translation>Das Urteil wurde nicht gespeichert. Ihre Antworten sind noch da.</translation>
    </message>
    <message>
        <source>The state of the review cannot be read. You can go on.</source>
        <translation>Der Stand der Bewertung lässt sich nicht lesen. Sie können weitermachen.</translation>
    </message>
    <message>
        <source>The file with your answers was not written. The answers are kept.</source>
        <translation>Die Datei mit Ihren Antworten wurde nicht geschrieben. Die Antworten bleiben erhalten.</translation>
    </message>
    <message>
        <source>The disk is full. Make room and try again.</source>
        <translation>Der Datenträger ist voll. Schaffen Sie Platz und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The folder cannot be written to. Copy the file into a folder of your own.</source>
        <translation>In den Ordner kann nicht geschrieben werden. Kopieren Sie die Datei in einen eigenen Ordner.</translation>
    </message>
    <message>
        <source>Another program is using the file. Close it there and try again.</source>
        <translation>Ein anderes Programm verwendet die Datei. Schließen Sie sie dort und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The file is damaged. Ask for it again where you got it from.</source>
        <translation>Die Datei ist beschädigt. Bitten Sie dort, wo Sie sie bekommen haben, erneut darum.</translation>
    </message>
    <message>
        <source>The file was made by a newer version of the program. Update the program.</source>
        <translation>Die Datei stammt aus einer neueren Version des Programms. Aktualisieren Sie das Programm.</translation>
    </message>
    <message>
        <source>The disk cannot be read or written. Check it and try again.</source>
        <translation>Der Datenträger lässt sich nicht lesen oder beschreiben. Prüfen Sie ihn und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The program says in English: %1</source>
        <translation>Das Programm meldet auf Englisch: %1</translation>
    </message>
</context>
<context>
    <name>ReviewKeys</name>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Strg</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>Bild↑</translation>
    </message>
    <message>
        <source>PgDn</source>
        <translation>Bild↓</translation>
    </message>
    <message>
        <source>Yes, No</source>
        <translation>Ja, Nein</translation>
    </message>
    <message>
        <source>The answer with that number, to the question that is marked</source>
        <translation>Die Antwort mit dieser Nummer auf die markierte Frage</translation>
    </message>
    <message>
        <source>To another answer or question; then %1 or %2 chooses it</source>
        <translation>Zu einer anderen Antwort oder Frage; %1 oder %2 wählt sie dann</translation>
    </message>
    <message>
        <source>Store and go on; with answers missing, to the first of them</source>
        <translation>Speichern und weiter; fehlen Antworten, zur ersten fehlenden</translation>
    </message>
    <message>
        <source>Skip: no judgement of this item</source>
        <translation>Überspringen: kein Urteil zu diesem Item</translation>
    </message>
    <message>
        <source>Broken: the item cannot be judged</source>
        <translation>Unbrauchbar: das Item lässt sich nicht bewerten</translation>
    </message>
    <message>
        <source>Comment. %1 leaves the field, %2 begins a new line</source>
        <translation>Kommentar. %1 verlässt das Feld, %2 beginnt eine neue Zeile</translation>
    </message>
    <message>
        <source>Undo: take the last judgement back and give it anew</source>
        <translation>Rückgängig: das letzte Urteil zurücknehmen und neu abgeben</translation>
    </message>
    <message>
        <source>An earlier item; what is changed there is stored as a correction</source>
        <translation>Ein früheres Item; Änderungen werden als Korrektur gespeichert</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>Wieder vorwärts</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>Leitfaden</translation>
    </message>
    <message>
        <source>Every control in reading order, the item&apos;s text too: there the arrows scroll</source>
        <translation>Alle Bedienelemente in Lesefolge, auch der Text des Items: dort blättern die Pfeile</translation>
    </message>
    <message>
        <source>Larger type, smaller type, as shipped</source>
        <translation>Größere Schrift, kleinere Schrift, Ausgangsgröße</translation>
    </message>
    <message>
        <source>Full screen, and out of it</source>
        <translation>Vollbild ein und aus</translation>
    </message>
    <message>
        <source>These keys</source>
        <translation>Diese Tasten</translation>
    </message>
</context>
<context>
    <name>ReviewPractice</name>
    <message>
        <source>Is the following statement something you would say?
“%1”</source>
        <translation>Würden Sie Folgendes von sich sagen?
„%1“</translation>
    </message>
    <message>
        <source>I leave home early so that nobody has to wait for me.</source>
        <translation>Ich gehe früh aus dem Haus, damit niemand auf mich warten muss.</translation>
    </message>
    <message>
        <source>Whoever is always on time says this, so the answer that shows the behaviour is Yes.</source>
        <translation>Wer immer pünktlich ist, sagt das; die Antwort, die das Verhalten zeigt, ist also „Ja“.</translation>
    </message>
    <message>
        <source>A quarter of an hour late still counts as on time.</source>
        <translation>Eine Viertelstunde zu spät gilt noch als pünktlich.</translation>
    </message>
    <message>
        <source>The statement says the opposite, so the answer that shows the behaviour is No.</source>
        <translation>Der Satz sagt das Gegenteil; die Antwort, die das Verhalten zeigt, ist also „Nein“.</translation>
    </message>
    <message>
        <source>I do not let my friends stand and wait at the station.</source>
        <translation>Ich lasse meine Freunde nicht am Bahnhof stehen und warten.</translation>
    </message>
    <message>
        <source>Mind the “not”: who lets nobody wait is on time. So the answer is Yes.</source>
        <translation>Achten Sie auf das „nicht“: Wer niemanden warten lässt, ist pünktlich. Die Antwort ist also „Ja“.</translation>
    </message>
    <message>
        <source>I see no reason to look at the clock before a meeting.</source>
        <translation>Vor einem Treffen sehe ich keinen Grund, auf die Uhr zu schauen.</translation>
    </message>
    <message>
        <source>Whoever is always on time would not say this, so the answer is No.</source>
        <translation>Wer immer pünktlich ist, würde das nicht sagen; die Antwort ist also „Nein“.</translation>
    </message>
    <message>
        <source>Deadlines are for other people.</source>
        <translation>Abgabetermine sind etwas für andere.</translation>
    </message>
    <message>
        <source>It does not matter whether you like the statement: a person who is on time would say No.</source>
        <translation>Es kommt nicht darauf an, ob Ihnen der Satz gefällt: Wer pünktlich ist, würde „Nein“ sagen.</translation>
    </message>
    <message>
        <source>Your kettle still works, but a finer one is on sale. What do you do?</source>
        <translation>Ihr Wasserkocher funktioniert noch, aber ein schönerer ist im Angebot. Was tun Sie?</translation>
    </message>
    <message>
        <source>I keep the old one.</source>
        <translation>Ich behalte den alten.</translation>
    </message>
    <message>
        <source>I buy the new one at once.</source>
        <translation>Ich kaufe sofort den neuen.</translation>
    </message>
    <message>
        <source>Keeping what works costs nothing, so this answer shows the behaviour.</source>
        <translation>Behalten, was funktioniert, kostet nichts; diese Antwort zeigt also das Verhalten.</translation>
    </message>
    <message>
        <source>A friend offers to lend you a tent. What do you say?</source>
        <translation>Eine Freundin bietet an, Ihnen ein Zelt zu leihen. Was sagen Sie?</translation>
    </message>
    <message>
        <source>I would rather buy one of my own.</source>
        <translation>Ich kaufe mir lieber ein eigenes.</translation>
    </message>
    <message>
        <source>Thank you, I will borrow it.</source>
        <translation>Danke, ich leihe es mir gern.</translation>
    </message>
    <message>
        <source>Borrowing saves the price of a tent.</source>
        <translation>Wer leiht, spart den Preis eines Zeltes.</translation>
    </message>
    <message>
        <source>You find an old bank note in a coat. What happens to it?</source>
        <translation>In einem Mantel finden Sie einen alten Geldschein. Was geschieht damit?</translation>
    </message>
    <message>
        <source>It pays for a long lunch.</source>
        <translation>Er reicht für ein ausgiebiges Mittagessen.</translation>
    </message>
    <message>
        <source>I bet it on a horse.</source>
        <translation>Ich setze ihn auf ein Pferd.</translation>
    </message>
    <message>
        <source>It goes into my savings.</source>
        <translation>Er kommt zu meinen Ersparnissen.</translation>
    </message>
    <message>
        <source>Only one of the three answers saves the money.</source>
        <translation>Nur eine der drei Antworten spart das Geld.</translation>
    </message>
    <message>
        <source>Which of these sentences is yours?</source>
        <translation>Welcher dieser Sätze passt zu Ihnen?</translation>
    </message>
    <message>
        <source>I compare prices before I buy.</source>
        <translation>Ich vergleiche Preise, bevor ich kaufe.</translation>
    </message>
    <message>
        <source>The dearest thing is the best.</source>
        <translation>Das Teuerste ist das Beste.</translation>
    </message>
    <message>
        <source>Who compares prices spends less.</source>
        <translation>Wer Preise vergleicht, gibt weniger aus.</translation>
    </message>
    <message>
        <source>The bus or a taxi to the airport?</source>
        <translation>Mit dem Bus oder dem Taxi zum Flughafen?</translation>
    </message>
    <message>
        <source>I do not mind.</source>
        <translation>Das ist mir gleich.</translation>
    </message>
    <message>
        <source>The bus: it costs a tenth.</source>
        <translation>Mit dem Bus: Er kostet ein Zehntel.</translation>
    </message>
    <message>
        <source>The taxi: one sits better.</source>
        <translation>Mit dem Taxi: Man sitzt bequemer.</translation>
    </message>
    <message>
        <source>Not minding is no sign of saving; choosing the bus for its price is.</source>
        <translation>Gleichgültigkeit ist kein Zeichen von Sparsamkeit; den Bus wegen des Preises zu wählen schon.</translation>
    </message>
    <message>
        <source>The plumber told the customer that ___ would bring a longer pipe tomorrow.</source>
        <translation>Der Klempner sagte dem Kunden, dass ___ morgen ein längeres Rohr mitbringt.</translation>
    </message>
    <message>
        <source>The plumber is the one who brings pipes.</source>
        <translation>Rohre bringt der Klempner mit.</translation>
    </message>
    <message>
        <source>The nurse asked the visitor whether ___ had been to the ward before.</source>
        <translation>Der Pfleger fragte den Besucher, ob ___ schon einmal auf der Station gewesen sei.</translation>
    </message>
    <message>
        <source>One asks visitors whether they have been there before.</source>
        <translation>Besucher fragt man, ob sie schon einmal da waren.</translation>
    </message>
    <message>
        <source>The librarian reminded the student that ___ had to return the atlas by Friday.</source>
        <translation>Der Bibliothekar erinnerte den Studenten daran, dass ___ den Atlas bis Freitag zurückgeben muss.</translation>
    </message>
    <message>
        <source>The student has borrowed the atlas.</source>
        <translation>Der Student hat den Atlas ausgeliehen.</translation>
    </message>
    <message>
        <source>The baker apologised to the guest because ___ had burnt the rolls.</source>
        <translation>Der Bäcker entschuldigte sich bei dem Gast, weil ___ die Brötchen verbrannt hatte.</translation>
    </message>
    <message>
        <source>Who apologises for the rolls has burnt them: the baker.</source>
        <translation>Wer sich für die Brötchen entschuldigt, hat sie verbrannt: der Bäcker.</translation>
    </message>
    <message>
        <source>The driver thanked the passenger, who had shown ___ a shorter way.</source>
        <translation>Der Fahrer dankte dem Fahrgast, der ___ einen kürzeren Weg gezeigt hatte.</translation>
    </message>
    <message>
        <source>The passenger has shown the way, so it was shown to the driver.</source>
        <translation>Der Fahrgast hat den Weg gezeigt; gezeigt wurde er also dem Fahrer.</translation>
    </message>
    <message>
        <source>Who is meant by the blank?</source>
        <translation>Wer ist mit der Lücke gemeint?</translation>
    </message>
    <message>
        <source>The person of the occupation</source>
        <translation>Die Person mit dem Beruf</translation>
    </message>
    <message>
        <source>The other person</source>
        <translation>Die andere Person</translation>
    </message>
    <message>
        <source>Which answer would a person give who saves every penny?</source>
        <translation>Welche Antwort würde jemand geben, der jeden Cent spart?</translation>
    </message>
    <message>
        <source>Which answer would a person give who is always on time?</source>
        <translation>Welche Antwort würde jemand geben, der immer pünktlich ist?</translation>
    </message>
    <message>
        <source>Right. %1</source>
        <translation>Richtig. %1</translation>
    </message>
    <message>
        <source>Not quite. %1</source>
        <translation>Nicht ganz. %1</translation>
    </message>
    <message>
        <source>Skipping and calling broken are for items that cannot be judged. %1</source>
        <translation>Überspringen und „unbrauchbar“ sind für Items gedacht, die sich nicht bewerten lassen. %1</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Übung</translation>
    </message>
</context>
</TS>
