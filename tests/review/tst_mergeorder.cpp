// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files of answers come in any order, in any parts, any number of times: the project is the same.
#include "merged.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;

class TestMergeOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Two bundles, four files (one rater's first half, one code on two lists, two codes on one list), all orders,
    /// twice, with any of them once more in between.
    void anyOrderGivesTheSame()
    {
        Bundled s(10, 4);
        BundleOptions two;
        two.lists = 2;
        const QString one = s.bundle(u"one.ewbundle"_s, two), other = s.bundle(u"two.ewbundle"_s, two);
        const auto ada = Bundled::open(one, u"ada"_s, 0), bo = Bundled::open(one, u"bo"_s, 0);
        const auto adaAgain = Bundled::open(other, u"ada"_s, 3);
        QStringList files;
        const auto given = Bundled::answer(*ada, 0, 3);
        files << saved(*ada, s.path(u"half"_s));
        must(ada->store(Bundled::undo(given[2])).result());
        Bundled::answer(*ada, 2, 5, u"No"_s);
        files << saved(*ada, s.path(u"whole"_s));
        Bundled::answer(*bo, 0, 4, u"No"_s);
        files << saved(*bo);
        Bundled::answer(*adaAgain, 0, 2);
        files << saved(*adaAgain);
        QList<int> order{0, 1, 2, 3};
        QByteArray wanted, wantedExport;
        int number = 0;
        do {
            Observed fresh;
            fresh.project = copyOf(s.store, s.path(u"p%1.evalwright"_s.arg(++number)));
            for (const int round : {0, 1}) {
                must(fresh.project->writeNow([&](Connection &c) -> Status {
                    for (const int file : {order[0], order[1], order[2], order[3], order[round]})
                        EVALWRIGHT_TRY(mergeAnswers(c, files[file]));
                    return {};
                }));
                const QByteArray state = stateOf(fresh, s.review);
                if (wanted.isEmpty()) {
                    wanted = state;
                    wantedExport = exported(fresh, s.dataset);
                }
                QCOMPARE(state, wanted);
                QCOMPARE(exported(fresh, s.dataset), wantedExport);
            }
        } while (std::ranges::next_permutation(order).found);
        QCOMPARE(number, 24);
        QCOMPARE(wantedExport.count('\n'), 3 + 1 + 3 + 4 + 2);
        QVERIFY(wanted.contains("0 ada\n1 list-2."));
        QVERIFY(wanted.contains("\n3 list-4."));
    }

    /// Whoever merged only some of the files has what those hold.
    void anySubsetGivesTheSame()
    {
        Bundled s(8);
        const QString bundle = s.bundle();
        QStringList files;
        for (int slot = 0; slot < 3; ++slot) {
            const auto sitting = Bundled::open(bundle, u"r%1"_s.arg(slot), slot);
            Bundled::answer(*sitting, 0, 2 + slot);
            files << saved(*sitting);
        }
        for (int which = 1; which < 8; ++which) {
            QByteArray states[2];
            for (const int turn : {0, 1}) {
                Observed fresh;
                fresh.project = copyOf(s.store, s.path(u"s%1-%2.evalwright"_s.arg(which).arg(turn)));
                for (int i = 0; i < 3; ++i) {
                    const int file = turn == 0 ? i : 2 - i;
                    if (which & (1 << file))
                        must(merge(fresh, files[file]));
                }
                states[turn] = stateOf(fresh, s.review);
            }
            QCOMPARE(states[0], states[1]);
        }
    }

    void acceptedInAnyOrder()
    {
        Bundled s(10, 1, 0);
        const auto sitting = Bundled::open(s.bundle(), u"r1"_s);
        const auto given = Bundled::answer(*sitting, 0, 3);
        const QString half = saved(*sitting, s.path(u"half"_s));
        must(sitting->store(Bundled::undo(given[0])).result());
        GivenJudgement corrected = Reviewed::given(1, u"No"_s);
        corrected.replaces = given[1].uuid;
        must(sitting->store(corrected).result());
        const QString whole = saved(*sitting);
        for (const CandidateId id : s.items)
            edit(s.store, id, u"Reworded %1"_s.arg(id.value));
        MergeOptions accept;
        accept.acceptChanged = true;
        QByteArray wanted;
        for (const QStringList &order : {QStringList{half, whole}, {whole, half}, {whole}, {half, whole, half}}) {
            Observed fresh;
            fresh.project = copyOf(s.store, s.path(newUuid() + u".evalwright"_s));
            for (const QString &file : order)
                must(merge(fresh, file, accept));
            if (wanted.isEmpty())
                wanted = exported(fresh, s.dataset);
            QCOMPARE(exported(fresh, s.dataset), wanted);
            QCOMPARE(counted(fresh, s.review), 2);
        }
        QCOMPARE(wanted.count('\n'), 5 + 2);
    }
};

QTEST_GUILESS_MAIN(TestMergeOrder)
#include "tst_mergeorder.moc"
