<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>Review</name>
    <message>
        <source>Your answers are in this file. Send it back to whoever gave you the work:
%1</source>
        <translation>Vos réponses se trouvent dans ce fichier. Renvoyez-le à la personne qui vous a confié ce travail :
%1</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Évaluation</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Couper</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Coller</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Tout sélectionner</translation>
    </message>
    <message>
        <source>Guideline, version %1</source>
        <translation>Consignes, version %1</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>Consignes</translation>
    </message>
    <message>
        <source>This review has no guideline.</source>
        <translation>Cette évaluation n’a pas de consignes.</translation>
    </message>
    <message>
        <source>Key %1</source>
        <translation>Touche %1</translation>
    </message>
    <message>
        <source>%1 (optional)</source>
        <translation>%1 (facultatif)</translation>
    </message>
    <message>
        <source>%1 Key %2</source>
        <translation>%1 Touche %2</translation>
    </message>
    <message>
        <source>Broken</source>
        <translation>Inutilisable</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Passer</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Commentaire</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Remarque</translation>
    </message>
    <message>
        <source>You skipped this item. An answer now is stored as a correction.</source>
        <translation>Vous avez passé cet item. Une réponse donnée maintenant sera enregistrée comme correction.</translation>
    </message>
    <message>
        <source>You called this item broken. An answer now is stored as a correction.</source>
        <translation>Vous avez signalé cet item comme inutilisable. Une réponse donnée maintenant sera enregistrée comme correction.</translation>
    </message>
    <message>
        <source>You have judged this item. What you change is stored as a correction.</source>
        <translation>Vous avez déjà jugé cet item. Vos modifications seront enregistrées comme correction.</translation>
    </message>
    <message>
        <source>Occupation: %1 · other person: %2</source>
        <translation>Profession : %1 · autre personne : %2</translation>
    </message>
    <message>
        <source>This question has no answer yet: %1</source>
        <translation>Cette question n’a pas encore de réponse : %1</translation>
    </message>
    <message>
        <source>Nothing has been stored in this sitting. %1 shows earlier items.</source>
        <translation>Rien n’a encore été enregistré pendant cette séance. %1 affiche les items précédents.</translation>
    </message>
    <message>
        <source>These questions have no comment.</source>
        <translation>Ces questions ne prévoient pas de commentaire.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Copy the message and its details</source>
        <translation>Copier le message et ses détails</translation>
    </message>
    <message>
        <source>Raw text of the error</source>
        <translation>Texte brut de l’erreur</translation>
    </message>
    <message>
        <source>You are through with your list. Everything is stored.</source>
        <translation>Vous avez terminé votre liste. Tout est enregistré.</translation>
    </message>
    <message>
        <source>The review has all the judgements that it needs. Everything is stored.</source>
        <translation>Cette évaluation a reçu assez de jugements. Tout est enregistré.</translation>
    </message>
    <message>
        <source>Your part in this review ends here. Everything is stored.</source>
        <translation>Votre participation à cette évaluation s’arrête ici. Tout est enregistré.</translation>
    </message>
    <message>
        <source>Undo the last one</source>
        <translation>Annuler le dernier</translation>
    </message>
    <message>
        <source>Look at earlier items</source>
        <translation>Revoir les items précédents</translation>
    </message>
    <message>
        <source>Thank you</source>
        <translation>Merci</translation>
    </message>
    <message>
        <source>Judged: %1 · skipped: %2 · broken: %3</source>
        <translation>Jugés : %1 · passés : %2 · inutilisables : %3</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Affichage</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progression</translation>
    </message>
    <message>
        <source>You have been rating for 30 minutes. A short break keeps judgements steady.</source>
        <translation>Vous évaluez depuis 30 minutes. Une courte pause aide à garder des jugements constants.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Masquer</translation>
    </message>
    <message>
        <source>Larger type</source>
        <translation>Texte plus grand</translation>
    </message>
    <message>
        <source>Smaller type</source>
        <translation>Texte plus petit</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Contraste élevé</translation>
    </message>
    <message>
        <source>Show the pace</source>
        <translation>Afficher le rythme</translation>
    </message>
    <message>
        <source>Go on after the last answer</source>
        <translation>Continuer après la dernière réponse</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Plein écran</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Entraînement</translation>
    </message>
    <message>
        <source>Review · %1</source>
        <translation>Évaluation · %1</translation>
    </message>
    <message>
        <source>rater %1</source>
        <translation>code %1</translation>
    </message>
    <message>
        <source>%1 of %2 · %3 %</source>
        <translation>%1 sur %2 · %3 %</translation>
    </message>
    <message>
        <source>%1 a minute</source>
        <translation>%1 par minute</translation>
    </message>
    <message>
        <source>Back to the items</source>
        <translation>Revenir aux items</translation>
    </message>
    <message>
        <source>Your code</source>
        <translation>Votre code</translation>
    </message>
    <message>
        <source>You rate as %1.</source>
        <translation>Vous évaluez sous le code %1.</translation>
    </message>
    <message>
        <source>Letters, digits, “.”, “_” and “-”. Not your name and not an address.</source>
        <translation>Lettres sans accent, chiffres, « . », « _ » et « - ». Ni votre nom ni une adresse.</translation>
    </message>
    <message>
        <source>What you are asked</source>
        <translation>Ce qui vous est demandé</translation>
    </message>
    <message>
        <source>Everything works with keys alone. “?” shows them.</source>
        <translation>Tout peut se faire au clavier. « ? » ou F1 affiche les touches.</translation>
    </message>
    <message>
        <source>Practice: two minutes</source>
        <translation>Entraînement : deux minutes</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Commencer</translation>
    </message>
    <message>
        <source>Judgements are kept under a code. Type yours to begin.</source>
        <translation>Les jugements sont conservés sous un code. Saisissez le vôtre pour commencer.</translation>
    </message>
    <message>
        <source>Practice is over: %1 of %2 right.</source>
        <translation>L’entraînement est terminé : %1 sur %2 justes.</translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>encore %n min environ</numerusform>
            <numerusform>encore %n min environ</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReviewErrors</name>
    <message>
        <source>The review cannot be opened.</source>
        <translation>L’évaluation ne peut pas être ouverte.</translation>
    </message>
    <message>
        <source>The item cannot be read.</source>
        <translation>L’item ne peut pas être lu.</translation>
    </message>
    <message>
        <source>The judgement was not stored. Your answers are still here.</source>
        <translation>Le jugement n’a pas été enregistré. Vos réponses sont toujours là.</translation>
    </message>
    <message>
        <source>The state of the review cannot be read. You can go on.</source>
        <translation>L’état de l’évaluation ne peut pas être lu. Vous pouvez continuer.</translation>
    </message>
    <message>
        <source>The file with your answers was not written. The answers are kept.</source>
        <translation>Le fichier de vos réponses n’a pas été écrit. Les réponses sont conservées.</translation>
    </message>
    <message>
        <source>The disk is full. Make room and try again.</source>
        <translation>Le disque est plein. Libérez de la place et réessayez.</translation>
    </message>
    <message>
        <source>The folder cannot be written to. Copy the file into a folder of your own.</source>
        <translation>Impossible d’écrire dans ce dossier. Copiez le fichier dans un dossier qui vous appartient.</translation>
    </message>
    <message>
        <source>Another program is using the file. Close it there and try again.</source>
        <translation>Un autre programme utilise le fichier. Fermez-le là-bas et réessayez.</translation>
    </message>
    <message>
        <source>The file is damaged. Ask for it again where you got it from.</source>
        <translation>Le fichier est endommagé. Redemandez-le à la personne qui vous l’a remis.</translation>
    </message>
    <message>
        <source>The file was made by a newer version of the program. Update the program.</source>
        <translation>Le fichier provient d’une version plus récente du programme. Mettez le programme à jour.</translation>
    </message>
    <message>
        <source>The disk cannot be read or written. Check it and try again.</source>
        <translation>Le disque ne peut être ni lu ni écrit. Vérifiez-le et réessayez.</translation>
    </message>
    <message>
        <source>The program says in English: %1</source>
        <translation>Message du programme, en anglais : %1</translation>
    </message>
</context>
<context>
    <name>ReviewKeys</name>
    <message>
        <source>Enter</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espace</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Maj</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Échap</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>Pg préc</translation>
    </message>
    <message>
        <source>PgDn</source>
        <translation>Pg suiv</translation>
    </message>
    <message>
        <source>Yes, No</source>
        <translation>Oui, Non</translation>
    </message>
    <message>
        <source>The answer with that number, to the question that is marked</source>
        <translation>La réponse portant ce numéro, à la question marquée</translation>
    </message>
    <message>
        <source>To another answer or question; then %1 or %2 chooses it</source>
        <translation>Aller à une autre réponse ou question ; %1 ou %2 la choisit</translation>
    </message>
    <message>
        <source>Store and go on; with answers missing, to the first of them</source>
        <translation>Enregistrer et continuer ; s’il manque des réponses, aller à la première</translation>
    </message>
    <message>
        <source>Skip: no judgement of this item</source>
        <translation>Passer : aucun jugement sur cet item</translation>
    </message>
    <message>
        <source>Broken: the item cannot be judged</source>
        <translation>Inutilisable : l’item ne peut pas être jugé</translation>
    </message>
    <message>
        <source>Comment. %1 leaves the field, %2 begins a new line</source>
        <translation>Commentaire. %1 quitte le champ, %2 commence une nouvelle ligne</translation>
    </message>
    <message>
        <source>Undo: take the last judgement back and give it anew</source>
        <translation>Annuler : retirer le dernier jugement et le donner à nouveau</translation>
    </message>
    <message>
        <source>An earlier item; what is changed there is stored as a correction</source>
        <translation>Un item précédent ; ce qui y est modifié est enregistré comme correction</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>Revenir en avant</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>Consignes</translation>
    </message>
    <message>
        <source>Every control in reading order, the item&apos;s text too: there the arrows scroll</source>
        <translation>Toutes les commandes dans l’ordre de lecture, texte de l’item compris : les flèches le font défiler</translation>
    </message>
    <message>
        <source>Larger type, smaller type, as shipped</source>
        <translation>Texte plus grand, plus petit, taille d’origine</translation>
    </message>
    <message>
        <source>Full screen, and out of it</source>
        <translation>Plein écran, et en sortir</translation>
    </message>
    <message>
        <source>These keys</source>
        <translation>Ces touches</translation>
    </message>
</context>
<context>
    <name>ReviewPractice</name>
    <message>
        <source>Is the following statement something you would say?
“%1”</source>
        <translation>Diriez-vous la phrase suivante ?
« %1 »</translation>
    </message>
    <message>
        <source>I leave home early so that nobody has to wait for me.</source>
        <translation>Je pars tôt de chez moi pour que personne n’ait à m’attendre.</translation>
    </message>
    <message>
        <source>Whoever is always on time says this, so the answer that shows the behaviour is Yes.</source>
        <translation>Une personne toujours ponctuelle dirait cela : la réponse qui montre le comportement est donc « Oui ».</translation>
    </message>
    <message>
        <source>A quarter of an hour late still counts as on time.</source>
        <translation>Un quart d’heure de retard, c’est encore être à l’heure.</translation>
    </message>
    <message>
        <source>The statement says the opposite, so the answer that shows the behaviour is No.</source>
        <translation>La phrase dit le contraire : la réponse qui montre le comportement est donc « Non ».</translation>
    </message>
    <message>
        <source>I do not let my friends stand and wait at the station.</source>
        <translation>Je ne laisse pas mes amis attendre debout à la gare.</translation>
    </message>
    <message>
        <source>Mind the “not”: who lets nobody wait is on time. So the answer is Yes.</source>
        <translation>Attention à la négation : qui ne fait attendre personne est à l’heure. La réponse est donc « Oui ».</translation>
    </message>
    <message>
        <source>I see no reason to look at the clock before a meeting.</source>
        <translation>Je ne vois aucune raison de regarder l’heure avant un rendez-vous.</translation>
    </message>
    <message>
        <source>Whoever is always on time would not say this, so the answer is No.</source>
        <translation>Une personne toujours ponctuelle ne dirait pas cela : la réponse est donc « Non ».</translation>
    </message>
    <message>
        <source>Deadlines are for other people.</source>
        <translation>Les délais, c’est pour les autres.</translation>
    </message>
    <message>
        <source>It does not matter whether you like the statement: a person who is on time would say No.</source>
        <translation>Peu importe que la phrase vous plaise : une personne ponctuelle dirait « Non ».</translation>
    </message>
    <message>
        <source>Your kettle still works, but a finer one is on sale. What do you do?</source>
        <translation>Votre bouilloire marche encore, mais une plus belle est en promotion. Que faites-vous ?</translation>
    </message>
    <message>
        <source>I keep the old one.</source>
        <translation>Je garde l’ancienne.</translation>
    </message>
    <message>
        <source>I buy the new one at once.</source>
        <translation>J’achète tout de suite la nouvelle.</translation>
    </message>
    <message>
        <source>Keeping what works costs nothing, so this answer shows the behaviour.</source>
        <translation>Garder ce qui marche ne coûte rien : cette réponse montre donc le comportement.</translation>
    </message>
    <message>
        <source>A friend offers to lend you a tent. What do you say?</source>
        <translation>Une amie propose de vous prêter une tente. Que dites-vous ?</translation>
    </message>
    <message>
        <source>I would rather buy one of my own.</source>
        <translation>Je préfère en acheter une à moi.</translation>
    </message>
    <message>
        <source>Thank you, I will borrow it.</source>
        <translation>Merci, je veux bien l’emprunter.</translation>
    </message>
    <message>
        <source>Borrowing saves the price of a tent.</source>
        <translation>Emprunter évite de payer une tente.</translation>
    </message>
    <message>
        <source>You find an old bank note in a coat. What happens to it?</source>
        <translation>Vous trouvez un vieux billet dans un manteau. Qu’en faites-vous ?</translation>
    </message>
    <message>
        <source>It pays for a long lunch.</source>
        <translation>Il paie un long déjeuner.</translation>
    </message>
    <message>
        <source>I bet it on a horse.</source>
        <translation>Je le mise sur un cheval.</translation>
    </message>
    <message>
        <source>It goes into my savings.</source>
        <translation>Il rejoint mes économies.</translation>
    </message>
    <message>
        <source>Only one of the three answers saves the money.</source>
        <translation>Une seule des trois réponses met l’argent de côté.</translation>
    </message>
    <message>
        <source>Which of these sentences is yours?</source>
        <translation>Laquelle de ces phrases est la vôtre ?</translation>
    </message>
    <message>
        <source>I compare prices before I buy.</source>
        <translation>Je compare les prix avant d’acheter.</translation>
    </message>
    <message>
        <source>The dearest thing is the best.</source>
        <translation>Le plus cher est toujours le meilleur.</translation>
    </message>
    <message>
        <source>Who compares prices spends less.</source>
        <translation>Qui compare les prix dépense moins.</translation>
    </message>
    <message>
        <source>The bus or a taxi to the airport?</source>
        <translation>Le bus ou le taxi pour l’aéroport ?</translation>
    </message>
    <message>
        <source>I do not mind.</source>
        <translation>Cela m’est égal.</translation>
    </message>
    <message>
        <source>The bus: it costs a tenth.</source>
        <translation>Le bus : il coûte dix fois moins cher.</translation>
    </message>
    <message>
        <source>The taxi: one sits better.</source>
        <translation>Le taxi : on y est mieux assis.</translation>
    </message>
    <message>
        <source>Not minding is no sign of saving; choosing the bus for its price is.</source>
        <translation>L’indifférence n’est pas un signe d’économie ; choisir le bus pour son prix, si.</translation>
    </message>
    <message>
        <source>The plumber told the customer that ___ would bring a longer pipe tomorrow.</source>
        <translation>Le plombier a dit au client que, demain, ___ apporterait un tuyau plus long.</translation>
    </message>
    <message>
        <source>The plumber is the one who brings pipes.</source>
        <translation>C’est le plombier qui apporte les tuyaux.</translation>
    </message>
    <message>
        <source>The nurse asked the visitor whether ___ had been to the ward before.</source>
        <translation>L’infirmier a demandé au visiteur si ___ était déjà venu dans le service.</translation>
    </message>
    <message>
        <source>One asks visitors whether they have been there before.</source>
        <translation>C’est aux visiteurs que l’on demande s’ils sont déjà venus.</translation>
    </message>
    <message>
        <source>The librarian reminded the student that ___ had to return the atlas by Friday.</source>
        <translation>Le bibliothécaire a rappelé à l’étudiant que ___ devait rendre l’atlas avant vendredi.</translation>
    </message>
    <message>
        <source>The student has borrowed the atlas.</source>
        <translation>C’est l’étudiant qui a emprunté l’atlas.</translation>
    </message>
    <message>
        <source>The baker apologised to the guest because ___ had burnt the rolls.</source>
        <translation>Le boulanger s’est excusé auprès du client parce que ___ avait brûlé les petits pains.</translation>
    </message>
    <message>
        <source>Who apologises for the rolls has burnt them: the baker.</source>
        <translation>Qui s’excuse pour les petits pains les a brûlés : le boulanger.</translation>
    </message>
    <message>
        <source>The driver thanked the passenger, who had shown ___ a shorter way.</source>
        <translation>Le chauffeur a remercié le passager, qui avait montré à ___ un chemin plus court.</translation>
    </message>
    <message>
        <source>The passenger has shown the way, so it was shown to the driver.</source>
        <translation>C’est le passager qui a montré le chemin ; il l’a donc montré au chauffeur.</translation>
    </message>
    <message>
        <source>Who is meant by the blank?</source>
        <translation>Qui le blanc désigne-t-il ?</translation>
    </message>
    <message>
        <source>The person of the occupation</source>
        <translation>La personne exerçant la profession</translation>
    </message>
    <message>
        <source>The other person</source>
        <translation>L’autre personne</translation>
    </message>
    <message>
        <source>Which answer would a person give who saves every penny?</source>
        <translation>Quelle réponse donnerait une personne qui économise le moindre centime ?</translation>
    </message>
    <message>
        <source>Which answer would a person give who is always on time?</source>
        <translation>Quelle réponse donnerait une personne toujours ponctuelle ?</translation>
    </message>
    <message>
        <source>Right. %1</source>
        <translation>Exact. %1</translation>
    </message>
    <message>
        <source>Not quite. %1</source>
        <translation>Pas tout à fait. %1</translation>
    </message>
    <message>
        <source>Skipping and calling broken are for items that cannot be judged. %1</source>
        <translation>« Passer » et « Inutilisable » sont réservés aux items qui ne peuvent pas être jugés. %1</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Oui</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Non</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Entraînement</translation>
    </message>
</context>
</TS>
