<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BulkCommands</name>
    <message numerus="yes">
        <source>Tag %Ln item(s) “%1”</source>
        <translation>
            <numerusform>Tag %Ln item “%1”</numerusform>
            <numerusform>Tag %Ln items “%1”</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Take the tag “%1” from %Ln item(s)</source>
        <translation>
            <numerusform>Take the tag “%1” from %Ln item</numerusform>
            <numerusform>Take the tag “%1” from %Ln items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Make “%1” the matching answer of %Ln item(s)</source>
        <translation>
            <numerusform>Make “%1” the matching answer of %Ln item</numerusform>
            <numerusform>Make “%1” the matching answer of %Ln items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DecideCommand</name>
    <message numerus="yes">
        <source>Keep %Ln item(s)</source>
        <translation>
            <numerusform>Keep %Ln item</numerusform>
            <numerusform>Keep %Ln items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reject %Ln item(s)</source>
        <translation>
            <numerusform>Reject %Ln item</numerusform>
            <numerusform>Reject %Ln items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ActivityBar</name>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::BatchList</name>
    <message numerus="yes">
        <source>%1 requests wait for %Ln batch(es). The program may be closed meanwhile.</source>
        <translation>
            <numerusform>%1 requests wait for %Ln batch. The program may be closed meanwhile.</numerusform>
            <numerusform>%1 requests wait for %Ln batches. The program may be closed meanwhile.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ComparePage</name>
    <message numerus="yes">
        <source>Of the %Ln item(s) of %1 are in %2: %3 letter by letter, %4 nearly.</source>
        <translation>
            <numerusform>Of the one item of %1 are in %2: %3 letter by letter, %4 nearly.</numerusform>
            <numerusform>Of the %Ln items of %1 are in %2: %3 letter by letter, %4 nearly.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::DatasetPage</name>
    <message numerus="yes">
        <source>%Ln item(s) kept of %1 candidates%2</source>
        <translation>
            <numerusform>%Ln item kept of %1 candidates%2</numerusform>
            <numerusform>%Ln items kept of %1 candidates%2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln occupation(s)</source>
        <translation>
            <numerusform>%Ln occupation</numerusform>
            <numerusform>%Ln occupations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln further label(s)</source>
        <translation>
            <numerusform>%Ln further label</numerusform>
            <numerusform>%Ln further labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Control without a biography: %Ln row(s), each question once for each matching answer</source>
        <translation>
            <numerusform>Control without a biography: %Ln row, each question once for each matching answer</numerusform>
            <numerusform>Control without a biography: %Ln rows, each question once for each matching answer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Control with a biography of another side: %Ln item(s); the inspector shows both, and an export writes them in files of their own</source>
        <translation>
            <numerusform>Control with a biography of another side: %Ln item; the inspector shows both, and an export writes them in files of their own</numerusform>
            <numerusform>Control with a biography of another side: %Ln items; the inspector shows both, and an export writes them in files of their own</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::EvaluationDialog</name>
    <message numerus="yes">
        <source>%1  (%Ln item(s))</source>
        <translation>
            <numerusform>%1  (%Ln item)</numerusform>
            <numerusform>%1  (%Ln items)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::FigurePage</name>
    <message numerus="yes">
        <source>%Ln point(s) have no place on these axes and are only in the table.</source>
        <translation>
            <numerusform>%Ln point has no place on these axes and is only in the table.</numerusform>
            <numerusform>%Ln points have no place on these axes and are only in the table.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::FilterPage</name>
    <message numerus="yes">
        <source>%1 · %Ln candidate(s)</source>
        <translation>
            <numerusform>%1 · %Ln candidate</numerusform>
            <numerusform>%1 · %Ln candidates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>of %Ln candidate(s)</source>
        <translation>
            <numerusform>of %Ln candidate</numerusform>
            <numerusform>of %Ln candidates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%1, %2], from %Ln decision(s) by a person</source>
        <translation>
            <numerusform>[%1, %2], from %Ln decision by a person</numerusform>
            <numerusform>[%1, %2], from %Ln decisions by a person</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>mean distance to the most alike item by words, of %Ln item(s)</source>
        <translation>
            <numerusform>mean distance to the most alike item by words, of %Ln item</numerusform>
            <numerusform>mean distance to the most alike item by words, of %Ln items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Withdrawn: %Ln candidate(s) have their former decision again.</source>
        <translation>
            <numerusform>Withdrawn: %Ln candidate has its former decision again.</numerusform>
            <numerusform>Withdrawn: %Ln candidates have their former decision again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln candidate(s) had no decision before and keep this one.</source>
        <translation>
            <numerusform>%Ln candidate had no decision before and keeps this one.</numerusform>
            <numerusform>%Ln candidates had no decision before and keep this one.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Applied: %Ln item(s) are kept.</source>
        <translation>
            <numerusform>Applied: %Ln item is kept.</numerusform>
            <numerusform>Applied: %Ln items are kept.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::FunnelPage</name>
    <message numerus="yes">
        <source>and %Ln further reason(s), see the numbers</source>
        <translation>
            <numerusform>and %Ln further reason, see the numbers</numerusform>
            <numerusform>and %Ln further reasons, see the numbers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more, see the numbers</source>
        <translation>
            <numerusform>and %Ln more, see the numbers</numerusform>
            <numerusform>and %Ln more, see the numbers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ItemEditor</name>
    <message numerus="yes">
        <source>%Ln score(s) of checkers</source>
        <translation>
            <numerusform>%Ln score of a checker</numerusform>
            <numerusform>%Ln scores of checkers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln answer(s) of models</source>
        <translation>
            <numerusform>%Ln answer of a model</numerusform>
            <numerusform>%Ln answers of models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln judgement(s) of raters</source>
        <translation>
            <numerusform>%Ln judgement of a rater</numerusform>
            <numerusform>%Ln judgements of raters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ItemActions</name>
    <message numerus="yes">
        <source>%Ln item(s) have the tag “%1” now.</source>
        <translation>
            <numerusform>%Ln item has the tag “%1” now.</numerusform>
            <numerusform>%Ln items have the tag “%1” now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) lost the tag “%1”.</source>
        <translation>
            <numerusform>%Ln item lost the tag “%1”.</numerusform>
            <numerusform>%Ln items lost the tag “%1”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Undone: %Ln item(s) have their former matching answer again.</source>
        <translation>
            <numerusform>Undone: %Ln item has its former matching answer again.</numerusform>
            <numerusform>Undone: %Ln items have their former matching answer again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) were changed since, and stay as they are.</source>
        <translation>
            <numerusform>%Ln item was changed since, and stays as it is.</numerusform>
            <numerusform>%Ln items were changed since, and stay as they are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>“%1” is the matching answer of %Ln item(s) now; the former one is kept.</source>
        <translation>
            <numerusform>“%1” is the matching answer of %Ln item now; the former one is kept.</numerusform>
            <numerusform>“%1” is the matching answer of %Ln items now; the former ones are kept.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) have no such answer, or had it as the matching one.</source>
        <translation>
            <numerusform>%Ln item has no such answer, or had it as the matching one.</numerusform>
            <numerusform>%Ln items have no such answer, or had it as the matching one.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied %Ln item(s) as text.</source>
        <translation>
            <numerusform>Copied %Ln item as text.</numerusform>
            <numerusform>Copied %Ln items as text.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ItemsPage</name>
    <message numerus="yes">
        <source>Kept %Ln item(s).</source>
        <translation>
            <numerusform>Kept %Ln item.</numerusform>
            <numerusform>Kept %Ln items.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Rejected %Ln item(s).</source>
        <translation>
            <numerusform>Rejected %Ln item.</numerusform>
            <numerusform>Rejected %Ln items.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Undone: %Ln item(s) have their former decision again.</source>
        <translation>
            <numerusform>Undone: %Ln item has its former decision again.</numerusform>
            <numerusform>Undone: %Ln items have their former decision again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) had no decision before and keep this one.</source>
        <translation>
            <numerusform>%Ln item had no decision before and keeps this one.</numerusform>
            <numerusform>%Ln items had no decision before and keep this one.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Undoing decisions about %Ln item(s) …</source>
        <translation>
            <numerusform>Undoing decisions about %Ln item …</numerusform>
            <numerusform>Undoing decisions about %Ln items …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keeping %Ln item(s) …</source>
        <translation>
            <numerusform>Keeping %Ln item …</numerusform>
            <numerusform>Keeping %Ln items …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Rejecting %Ln item(s) …</source>
        <translation>
            <numerusform>Rejecting %Ln item …</numerusform>
            <numerusform>Rejecting %Ln items …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) were decided about again since, and stay as they are.</source>
        <translation>
            <numerusform>%Ln item was decided about again since, and stays as it is.</numerusform>
            <numerusform>%Ln items were decided about again since, and stay as they are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied %Ln item(s) as JSON.</source>
        <translation>
            <numerusform>Copied %Ln item as JSON.</numerusform>
            <numerusform>Copied %Ln items as JSON.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Only %Ln candidate(s): %1</source>
        <translation>
            <numerusform>Only %Ln candidate: %1</numerusform>
            <numerusform>Only %Ln candidates: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::LintFound</name>
    <message numerus="yes">
        <source>%Ln item(s); the first %1 are here</source>
        <translation>
            <numerusform>%Ln item; the first %1 are here</numerusform>
            <numerusform>%Ln items; the first %1 are here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s)</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::LintPage</name>
    <message numerus="yes">
        <source>%Ln blocking finding(s) stop a release.</source>
        <translation>
            <numerusform>%Ln blocking finding stops a release.</numerusform>
            <numerusform>%Ln blocking findings stop a release.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) looked at; </source>
        <translation>
            <numerusform>%Ln item looked at; </numerusform>
            <numerusform>%Ln items looked at; </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rule(s) found something.</source>
        <translation>
            <numerusform>%Ln rule found something.</numerusform>
            <numerusform>%Ln rules found something.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Measured: %1, over %Ln item(s).</source>
        <translation>
            <numerusform>Measured: %1, over %Ln item.</numerusform>
            <numerusform>Measured: %1, over %Ln items.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s); the first %1 are here</source>
        <translation type="vanished">
            <numerusform>%Ln item; the first %1 are here</numerusform>
            <numerusform>%Ln items; the first %1 are here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s)</source>
        <translation type="vanished">
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) changed.</source>
        <translation>
            <numerusform>%Ln item changed.</numerusform>
            <numerusform>%Ln items changed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) left as they are: %1</source>
        <translation>
            <numerusform>%Ln item left as it is: %1</numerusform>
            <numerusform>%Ln items left as they are: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::MainWindow</name>
    <message numerus="yes">
        <source>%Ln job(s) of this project were interrupted. What was answered is kept.</source>
        <translation>
            <numerusform>%Ln job of this project was interrupted. What was answered is kept.</numerusform>
            <numerusform>%Ln jobs of this project were interrupted. What was answered is kept.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::MapPage</name>
    <message numerus="yes">
        <source>%Ln item(s)</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) selected</source>
        <translation>
            <numerusform>%Ln item selected</numerusform>
            <numerusform>%Ln items selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %Ln without a vector of their present text are left out</source>
        <translation>
            <numerusform>; %Ln without a vector of its present text is left out</numerusform>
            <numerusform>; %Ln without a vector of their present text are left out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::NewDatasetDialog</name>
    <message numerus="yes">
        <source>%Ln data set(s) were begun here and cancelled; the newest is “%1”, %2.</source>
        <translation>
            <numerusform>%Ln data set was begun here and cancelled; the newest is “%1”, %2.</numerusform>
            <numerusform>%Ln data sets were begun here and cancelled; the newest is “%1”, %2.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::NewReviewDialog</name>
    <message numerus="yes">
        <source>From %Ln chosen candidate(s); those that are not kept are left out. What people say of them says nothing about the rest of the data set.</source>
        <translation>
            <numerusform>From %Ln chosen candidate, if it is kept. What people say of it says nothing about the rest of the data set.</numerusform>
            <numerusform>From %Ln chosen candidates; those that are not kept are left out. What people say of them says nothing about the rest of the data set.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::RecheckDialog</name>
    <message numerus="yes">
        <source>%Ln request(s)</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln candidate(s)</source>
        <translation>
            <numerusform>%Ln candidate</numerusform>
            <numerusform>%Ln candidates</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ModelsPage</name>
    <message numerus="yes">
        <source>%Ln row(s) of the ladder cannot be read; the first is %1.</source>
        <translation>
            <numerusform>%Ln row of the ladder cannot be read: %1.</numerusform>
            <numerusform>%Ln rows of the ladder cannot be read; the first is %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ResultModel</name>
    <message numerus="yes">
        <source>%Ln note(s)</source>
        <translation>
            <numerusform>%Ln note</numerusform>
            <numerusform>%Ln notes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::Session</name>
    <message numerus="yes">
        <source>%Ln answer(s) removed</source>
        <translation>
            <numerusform>%Ln answer removed</numerusform>
            <numerusform>%Ln answers removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> and %Ln failed reply(s)</source>
        <translation>
            <numerusform> and %Ln failed reply</numerusform>
            <numerusform> and %Ln failed replies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) kept</source>
        <translation>
            <numerusform>%Ln item kept</numerusform>
            <numerusform>%Ln items kept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %Ln request(s) failed: %1</source>
        <translation>
            <numerusform>; %Ln request failed: %1</numerusform>
            <numerusform>; %Ln requests failed: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln result(s)</source>
        <translation>
            <numerusform>%Ln result</numerusform>
            <numerusform>%Ln results</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln checker(s) tried</source>
        <translation>
            <numerusform>%Ln checker tried</numerusform>
            <numerusform>%Ln checkers tried</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) have a vector</source>
        <translation>
            <numerusform>%Ln item has a vector</numerusform>
            <numerusform>%Ln items have a vector</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %Ln have none: %1</source>
        <translation>
            <numerusform>; %Ln has none: %1</numerusform>
            <numerusform>; %Ln have none: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cluster(s) named</source>
        <translation>
            <numerusform>%Ln cluster named</numerusform>
            <numerusform>%Ln clusters named</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) kept, +%1, −%2</source>
        <translation>
            <numerusform>%Ln item kept, +%1, −%2</numerusform>
            <numerusform>%Ln items kept, +%1, −%2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln candidate(s) scored</source>
        <translation>
            <numerusform>%Ln candidate scored</numerusform>
            <numerusform>%Ln candidates scored</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::StoredAnswersDialog</name>
    <message numerus="yes">
        <source>%Ln answer(s)</source>
        <translation>
            <numerusform>%Ln answer</numerusform>
            <numerusform>%Ln answers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> and %Ln failed reply(s)</source>
        <translation>
            <numerusform> and %Ln failed reply</numerusform>
            <numerusform> and %Ln failed replies</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ImportDialog</name>
    <message numerus="yes">
        <source>Adds to this data set, which has %Ln item(s). Rows that it has already are left out.</source>
        <translation>
            <numerusform>Adds to this data set, which has %Ln item. Rows that it has already are left out.</numerusform>
            <numerusform>Adds to this data set, which has %Ln items. Rows that it has already are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %Ln row(s).</source>
        <translation>
            <numerusform>%1, %Ln row.</numerusform>
            <numerusform>%1, %Ln rows.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, about %Ln row(s).</source>
        <translation>
            <numerusform>%1, about %Ln row.</numerusform>
            <numerusform>%1, about %Ln rows.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::CopyDatasetDialog</name>
    <message numerus="yes">
        <source>%1 (%Ln item(s))</source>
        <translation>
            <numerusform>%1 (%Ln item)</numerusform>
            <numerusform>%1 (%Ln items)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ExportDialog</name>
    <message numerus="yes">
        <source>%1 (%Ln item(s))</source>
        <translation>
            <numerusform>%1 (%Ln item)</numerusform>
            <numerusform>%1 (%Ln items)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evalwright::ExportFormat</name>
    <message numerus="yes">
        <source>%Ln answer(s) without a probability for every label, or repeated, have no place in the log.</source>
        <translation>
            <numerusform>%Ln answer without a probability for every label, or repeated, has no place in the log.</numerusform>
            <numerusform>%Ln answers without a probability for every label, or repeated, have no place in the log.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) in the order “%1”, %2</source>
        <translation>
            <numerusform>%Ln item in the order “%1”, %2</numerusform>
            <numerusform>%Ln items in the order “%1”, %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) of “%1”</source>
        <translation>
            <numerusform>%Ln item of “%1”</numerusform>
            <numerusform>%Ln items of “%1”</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) of the control “%1”</source>
        <translation>
            <numerusform>%Ln row of the control “%1”</numerusform>
            <numerusform>%Ln rows of the control “%1”</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s)</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
</context>
</TS>
