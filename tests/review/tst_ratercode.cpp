// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes of raters who come from Prolific or Mechanical Turk.
#include "review/ratercode.h"
#include "reviewed.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;

class TestRaterCode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void links_data()
    {
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("service");
        QTest::addColumn<QString>("id");
        const QString account = u"60fd9da2c9a84cd2f2d7a2b4"_s, prolific = u"prolific"_s;
        QTest::newRow("link") << u"https://x.org/s?PROLIFIC_PID=60fd9da2c9a84cd2f2d7a2b4&STUDY_ID=5&SESSION_ID=6"_s << prolific << account;
        QTest::newRow("query alone") << u"STUDY_ID=5&PROLIFIC_PID=60fd9da2c9a84cd2f2d7a2b4"_s << prolific << account;
        QTest::newRow("account alone") << u"  60FD9DA2C9A84CD2F2D7A2B4\n"_s << prolific << account;
        QTest::newRow("said twice") << u"?PROLIFIC_PID=60fd9da2c9a84cd2f2d7a2b4&PROLIFIC_PID=60fd9da2c9a84cd2f2d7a2b4"_s << prolific << account;
        QTest::newRow("worker") << u"https://x.org/?assignmentId=3AAAA&hitId=4B&workerId=A1B2C3D4E5&turkSubmitTo=https%3A%2F%2Fw.org"_s
                                << u"mturk"_s << u"A1B2C3D4E5"_s;
    }
    void links()
    {
        QFETCH(QString, link);
        const Participant participant = must(participantFrom(link));
        QTEST(participant.service, "service");
        QTEST(participant.id, "id");
    }

    void whatNamesNobody()
    {
        for (const QString &link :
             {u""_s, u"ada"_s, u"https://x.org/"_s, u"https://x.org/?PROLIFIC_PID="_s, u"?PROLIFIC_PID={{%PROLIFIC_PID%}}"_s,
              u"?workerId=${workerId}"_s, u"?PROLIFIC_PID=ada@example.org"_s, u"?prolific_pid=60fd9da2c9a84cd2f2d7a2b4"_s,
              u"?PROLIFIC_PID=60fd9da2c9a84cd2f2d7a2b4&PROLIFIC_PID=60fd9da2c9a84cd2f2d7a2b5"_s,
              u"?PROLIFIC_PID=60fd9da2c9a84cd2f2d7a2b4&workerId=A1B2C3D4E5"_s, u"?STUDY_ID=60fd9da2c9a84cd2f2d7a2b4"_s,
              u"?PROLIFIC_PID="_s + QString(10'000, u'6')}) {
            QCOMPARE(participantFrom(link).error().code, ErrorCode::InvalidInput);
            QVERIFY(!participantFrom(link).error().text().contains(u"ada@"_s));
        }
        QCOMPARE(participantFrom(u"?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=4B&workerId=A1B2C3D4E5"_s).error().code,
                 ErrorCode::Unsupported);
    }

    void oneCodeForOnePersonInOneReview()
    {
        // HMAC-SHA256 with the key "key" of "prolific/60fd9da2c9a84cd2f2d7a2b4", by another program.
        const Participant ada = must(participantFrom(u"60fd9da2c9a84cd2f2d7a2b4"_s));
        QCOMPARE(raterCode("key", ada), u"p-3c7f0bae5955a4f4"_s);
        QVERIFY(checkRaterCode(raterCode("key", ada)));
        QVERIFY(raterCode("key", ada) != raterCode("key", {u"mturk"_s, ada.id}));
        QVERIFY(raterCode("key", ada) != raterCode("other", ada));
        QVERIFY(!raterCode("key", ada).contains(ada.id.left(6)));

        Reviewed s(6);
        const Review one = s.make(s.wanted()).review, two = s.make(s.wanted()).review;
        const auto salt = [&](const Review &review) {
            return must(s.store.project->writeNow([&](Connection &c) { return raterSalt(c, review); }));
        };
        QCOMPARE(salt(one).size(), 32);
        QCOMPARE(salt(one), salt(one));
        QVERIFY(salt(one) != salt(two));
        QVERIFY(bundleRaterSalt(u"a"_s) != bundleRaterSalt(u"b"_s));
        QCOMPARE(bundleRaterSalt(u"a"_s), bundleRaterSalt(u"a"_s));
    }
};

QTEST_GUILESS_MAIN(TestRaterCode)
#include "tst_ratercode.moc"
