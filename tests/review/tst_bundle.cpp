// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a bundle tells, and what a bundle from anybody may do.
#include "bundled.h"

#include "core/hmac.h"
#include "review/sealedzip.h"

#include <QRandomGenerator>

#include <set>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const BundleIdentity fixedIdentity{u"00000000-0000-4000-8000-000000000001"_s, QByteArray(32, 'k'),
                                   u"2026-01-01T00:00:00.000Z"_s};

/// The bundle's parts without manifest and seal, to be changed and sealed again.
struct Opened
{
    json manifest;
    std::vector<ZipPart> members;
    explicit Opened(const QString &path)
    {
        for (const ZipPart &part : partsOf(path)) {
            if (part.name == "manifest.json"_L1)
                manifest = json::parse(part.bytes.toStdString());
            else if (part.name != "seal.json"_L1)
                members.push_back(part);
        }
    }
    QByteArray &operator[](const QString &name) { return std::ranges::find(members, name, &ZipPart::name)->bytes; }
    /// By somebody who has another key.
    QString sealed(const QString &path) const
    {
        writeBytes(path, must(sealedZipBytes(manifest, members, "another key")).bytes);
        return path;
    }
};

} // namespace

class TestBundle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// RFC 4231, test cases 1 and 2.
    void codesAreThePublishedOnes()
    {
        QCOMPARE(hmacSha256(QByteArray(20, 0x0b), "Hi There").toHex(),
                 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        QCOMPARE(hmacSha256("Jefe", "what do ya want for nothing?").toHex(),
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        QVERIFY(secretBytes(32) != secretBytes(32));
    }

    void bundleTellsNoAnswer()
    {
        Bundled s(20);
        const QString path = s.bundle();
        QByteArray all, items;
        QStringList names;
        for (const ZipPart &part : partsOf(path)) {
            names << part.name;
            if (part.name == "items.jsonl"_L1)
                items = part.bytes;
            if (part.name != "guideline.md"_L1 && part.name != "questionnaire.json"_L1)
                all += part.bytes;
        }
        QCOMPARE(names, (QStringList{u"manifest.json"_s, u"items.jsonl"_s, u"assignment.jsonl"_s, u"guideline.md"_s,
                                     u"questionnaire.json"_s, u"seal.json"_s}));
        for (const char *word : {"gold", "strat", "confidence", "match", "label", "repeat", "source", "statement",
                                 "987654321", " Yes", " No", "plan"})
            QVERIFY2(!all.toLower().contains(QByteArray(word).toLower()), word);
        const auto key =
            must(s.store.ask([&](Connection &c) { return c.value(u"SELECT key FROM review_bundle"_s); })).toByteArray();
        QCOMPARE(key.size(), 32);
        QVERIFY(!all.contains(key.toHex()) && !all.contains(key.toBase64()) && !bytesOf(path).contains(key));
        std::set<std::string> options;
        for (const QByteArray &line : items.trimmed().split('\n')) {
            const json item = json::parse(line.toStdString());
            QStringList members;
            for (const auto &[name, value] : item.items())
                members << QString::fromStdString(name);
            QCOMPARE(members, (QStringList{u"content_hash"_s, u"display"_s, u"item_id"_s, u"kind"_s}));
            options.insert(item["display"]["options"].dump());
        }
        QCOMPARE(options.size(), 1u); // Yes first, whichever of them matches.
        for (const CandidateId id : s.items) {
            const Candidate item = must(s.store.ask([&](Connection &c) { return candidateById(c, id); })).candidate;
            QVERIFY2(!all.contains(item.uuid.toUtf8()), "the item's own id");
            const QByteArray confidence = QByteArray::number(*item.labelConfidence).left(6);
            QVERIFY2(confidence.size() < 6 || !all.contains(confidence), "its confidence");
            // Neither answer can be told by forming the hash with one and with the other.
            Candidate turned = item;
            std::swap(turned.matchingLabel, turned.otherLabels.first());
            QCOMPARE(shownItem(turned, u"persona"_s).contentHash, shownItem(item, u"persona"_s).contentHash);
        }
    }

    void placesOfGoldItemsAndRepeatsLookLikeOthers()
    {
        Bundled s(20);
        const Bundle bundle = must(readBundle(s.bundle()));
        const auto lists = must(s.store.ask([&](Connection &c) { return assignmentsOf(c, s.review.id, 0); }));
        QVERIFY(std::ranges::any_of(lists, &Assignment::isRepeat));
        QCOMPARE(bundle.lists[0].size(), lists.size());
        QSet<QString> ids;
        QString before;
        for (const ShownItem &item : bundle.items) {
            QVERIFY(before < item.itemId); // By a name that says nothing.
            before = item.itemId;
        }
        for (const qint32 at : bundle.lists[0])
            ids << bundle.items.at(at).itemId;
        QCOMPARE(ids.size(), lists.size()); // A repeat has a name of its own.
        QVERIFY(bundle.orderSeed != 987654321);
    }

    void equalContentGivesEqualBytes()
    {
        Bundled s;
        const auto bytes = [&](const BundleIdentity &identity) {
            return must(s.store.ask([&](Connection &c) {
                       return bundleBytes(c, s.review, {0, 2}, identity, u"de"_s);
                   }))
                .bytes;
        };
        const QByteArray first = bytes(fixedIdentity);
        QCOMPARE(bytes(fixedIdentity), first);
        QCOMPARE(first.mid(10, 4).toHex(), "00002100"); // Midnight of 1980-01-01.
        BundleIdentity other = fixedIdentity;
        other.key = QByteArray(32, 'l');
        writeBytes(s.path(u"1"_s), first);
        writeBytes(s.path(u"2"_s), bytes(other));
        const Bundle one = must(readBundle(s.path(u"1"_s))), two = must(readBundle(s.path(u"2"_s)));
        QCOMPARE(one.language, u"de"_s);
        QCOMPARE(one.lists.keys(), (QList<int>{0, 2}));
        QSet<QString> ids;
        for (const Bundle *bundle : {&one, &two}) {
            for (const ShownItem &item : bundle->items)
                ids << item.itemId;
        }
        QCOMPARE(ids.size(), one.items.size() + two.items.size());
        QVERIFY(one.orderSeed != two.orderSeed);
    }

    void listsGoAwayOnce()
    {
        Bundled s(12, 4);
        BundleOptions one;
        one.lists = 1;
        QCOMPARE(must(readBundle(s.bundle(u"1"_s, one))).lists.keys(), QList<int>{0});
        QCOMPARE(must(readBundle(s.bundle(u"2"_s, one))).lists.keys(), QList<int>{1});
        QVERIFY(s.sit(s.review, u"here"_s));
        one.lists = 2;
        const auto more = writeBundle(s.store.project, s.review.id, s.path(u"3"_s), one);
        QCOMPARE(more.error().code, ErrorCode::Unsupported);
        QVERIFY(!QFile::exists(s.path(u"3"_s)));
        QCOMPARE(must(readBundle(s.bundle(u"3"_s))).lists.keys(), QList<int>{3}); // What the one here did not take.
        QCOMPARE(openSitting(s.store.project, s.review.id, u"late"_s).error().code, ErrorCode::Unsupported);
        BundleOptions again;
        again.slots = {1};
        QCOMPARE(must(readBundle(s.bundle(u"4"_s, again))).lists.keys(), QList<int>{1});
        again.slots = {7};
        QCOMPARE(writeBundle(s.store.project, s.review.id, s.path(u"5"_s), again).error().code,
                 ErrorCode::InvalidInput);
    }

    void filesAreNotOverwritten()
    {
        Bundled s;
        writeBytes(s.path(u"b.ewbundle"_s), "mine");
        QCOMPARE(writeBundle(s.store.project, s.review.id, s.path(u"b.ewbundle"_s)).error().code,
                 ErrorCode::AlreadyExists);
        QCOMPARE(bytesOf(s.path(u"b.ewbundle"_s)), "mine");
        QCOMPARE(writeBundle(s.store.project, s.review.id, s.store.project->path(), {{}, {}, {}, true}).error().code,
                 ErrorCode::InvalidInput);
        QVERIFY(!writeBundle(s.store.project, s.review.id, s.path(u"no/such/folder.ewbundle"_s)));
        // Of all of these nothing is left, in the project or in the folder.
        QCOMPARE(s.count(u"SELECT count(*) FROM review_bundle"_s), 0);
        QCOMPARE(s.count(u"SELECT count(*) FROM rater"_s), 0);
        s.bundle(u"b.ewbundle"_s, {{}, {}, {}, true});
        QCOMPARE(QDir(s.folder.path()).entryList(QDir::Files), QStringList{u"b.ewbundle"_s});
    }

    void wrongFilesAreRefused_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("named");
        QTest::newRow("an item") << u"items.jsonl"_s << ErrorCode::HashMismatch << u"items.jsonl"_s;
        QTest::newRow("a list") << u"assignment.jsonl"_s << ErrorCode::HashMismatch << u"assignment.jsonl"_s;
        QTest::newRow("the guideline") << u"guideline.md"_s << ErrorCode::HashMismatch << u"guideline.md"_s;
        QTest::newRow("the questions") << u"questionnaire.json"_s << ErrorCode::HashMismatch << u"questionnaire.json"_s;
        QTest::newRow("the manifest") << u"manifest.json"_s << ErrorCode::HashMismatch << u"manifest.json"_s;
        QTest::newRow("the seal") << u"seal.json"_s << ErrorCode::HashMismatch << u"seal.json"_s;
        QTest::newRow("one more") << u"+../../evil"_s << ErrorCode::HashMismatch << u"../../evil"_s;
        QTest::newRow("one less") << u"-items.jsonl"_s << ErrorCode::Corrupt << u"items.jsonl"_s;
        QTest::newRow("no seal") << u"-seal.json"_s << ErrorCode::Corrupt << u"seal.json"_s;
        QTest::newRow("no manifest") << u"-manifest.json"_s << ErrorCode::Corrupt << u"manifest.json"_s;
    }
    void wrongFilesAreRefused()
    {
        QFETCH(const QString, change);
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, named);
        Bundled s;
        std::vector<ZipPart> parts = partsOf(s.bundle());
        if (change.startsWith(u'+'))
            parts.push_back({change.mid(1), "text"});
        else if (change.startsWith(u'-'))
            std::erase_if(parts, [&](const ZipPart &part) { return part.name == change.mid(1); });
        else if (QByteArray &bytes = std::ranges::find(parts, change, &ZipPart::name)->bytes;
                 change == "seal.json"_L1 || change == "manifest.json"_L1)
            bytes.append(change == "seal.json"_L1 ? "]" : " ");
        else
            bytes[bytes.size() / 2] ^= 1; // As long as before.
        writeBytes(s.path(u"x"_s), must(zipBytes(parts)));
        const auto read = readBundle(s.path(u"x"_s));
        QVERIFY(!read);
        QCOMPARE(read.error().code, code);
        QVERIFY2(read.error().message.contains(named), qPrintable(read.error().message));
        QCOMPARE(read.error().detail == "signature"_L1, code == ErrorCode::HashMismatch);
        QVERIFY(!QFile::exists(s.folder.path() + u"/../../evil"_s));
    }

    void newerFormatsSaySo()
    {
        Bundled s;
        Opened file(s.bundle());
        file.manifest["format"] = "evalwright-review-bundle/2";
        file.manifest["program_version"] = "9.1.0";
        const Error error = readBundle(file.sealed(s.path(u"x"_s))).error();
        QCOMPARE(error.code, ErrorCode::NewerSchema);
        QCOMPARE(error.detail, u"version"_s);
        QVERIFY(error.advice.contains("9.1.0"_L1));
        file.manifest["format"] = "evalwright-review-answers/1";
        QCOMPARE(readBundle(file.sealed(s.path(u"x"_s))).error().code, ErrorCode::Corrupt);
    }

    void bombsAreRefused()
    {
        Bundled s;
        Opened file(s.bundle());
        file[u"items.jsonl"_s] = QByteArray(qsizetype{40} << 20, 'a');
        QCOMPARE(readBundle(file.sealed(s.path(u"x"_s))).error().code, ErrorCode::InvalidInput);
        writeBytes(s.path(u"y"_s), must(zipBytes({{u"manifest.json"_s, QByteArray(qsizetype{2} << 20, ' ')}})));
        QCOMPARE(readBundle(s.path(u"y"_s)).error().code, ErrorCode::InvalidInput);
        std::vector<ZipPart> many;
        for (int i = 0; i < 100; ++i)
            many.push_back({QString::number(i), "x"});
        writeBytes(s.path(u"z"_s), must(zipBytes(many)));
        QCOMPARE(readBundle(s.path(u"z"_s)).error().code, ErrorCode::Corrupt);
        writeBytes(s.path(u"w"_s), "no ZIP file at all");
        QCOMPARE(readBundle(s.path(u"w"_s)).error().code, ErrorCode::Corrupt);
        QVERIFY(!readBundle(s.path(u"nothing"_s)));
    }

    void twoMembersOfOneNameAreRefused()
    {
        Bundled s;
        std::vector<ZipPart> parts = partsOf(s.bundle());
        parts.push_back({u"items.jsonX"_s, "{}\n"});
        QByteArray bytes = must(zipBytes(parts));
        bytes.replace("items.jsonX", "items.jsonl");
        writeBytes(s.path(u"x"_s), bytes);
        QCOMPARE(readBundle(s.path(u"x"_s)).error().code, ErrorCode::Corrupt);
    }

    /// Whatever bytes are turned: the file is refused, or it says what it said.
    void damageIsFoundWhereverItIs()
    {
        Bundled s(6);
        const QString path = s.bundle();
        const QByteArray whole = bytesOf(path);
        const Bundle good = must(readBundle(path));
        QRandomGenerator random(7);
        int refused = 0;
        for (int round = 0; round < 400; ++round) {
            QByteArray bytes = whole;
            for (int turned = random.bounded(3); turned >= 0; --turned)
                bytes[random.bounded(static_cast<int>(bytes.size()))] = static_cast<char>(random.bounded(256));
            if (round % 8 == 0)
                bytes.truncate(random.bounded(static_cast<int>(bytes.size())));
            writeBytes(s.path(u"x"_s), bytes);
            const auto read = readBundle(s.path(u"x"_s));
            if (read) {
                QCOMPARE(read->items, good.items);
                QCOMPARE(read->lists, good.lists);
                QCOMPARE(read->seal, good.seal);
            } else {
                ++refused;
            }
        }
        QVERIFY2(refused > 300, qPrintable(QString::number(refused)));
    }

    void wellSealedNonsenseIsRefused()
    {
        Bundled s;
        const Opened good(s.bundle());
        const auto refused = [&](const QString &member, const QByteArray &bytes) {
            Opened file = good;
            file[member] = bytes;
            const auto read = readBundle(file.sealed(s.path(u"x"_s)));
            return !read && !read.error().message.isEmpty();
        };
        const QByteArray items = Opened(good)[u"items.jsonl"_s], first = items.left(items.indexOf('\n') + 1);
        QVERIFY(!refused(u"items.jsonl"_s, items));
        QVERIFY(refused(u"items.jsonl"_s, items + first)); // Twice.
        QVERIFY(refused(u"items.jsonl"_s, first));         // Lists name others.
        QVERIFY(refused(u"items.jsonl"_s, items + "[1]\n"));
        QVERIFY(refused(u"items.jsonl"_s, items + QByteArray(200, '[') + QByteArray(200, ']') + '\n'));
        QVERIFY(refused(u"items.jsonl"_s, items + "{\"item_id\":\"../x\"}\n"));
        QVERIFY(refused(u"items.jsonl"_s, items + "\xff\xfe\n"));
        QVERIFY(refused(u"assignment.jsonl"_s, "{\"rater_slot\":-1,\"item_ids\":[]}\n"));
        QVERIFY(refused(u"assignment.jsonl"_s, "{\"rater_slot\":18446744073709551615,\"item_ids\":[]}\n"));
        QVERIFY(refused(u"assignment.jsonl"_s, "{\"rater_slot\":0,\"item_ids\":[1]}\n"));
        QVERIFY(refused(u"assignment.jsonl"_s, ""));
        QVERIFY(refused(u"questionnaire.json"_s, "{}"));
        QVERIFY(refused(u"guideline.md"_s, "\xff"));
        Opened file = good;
        file.manifest["language"] = "../../etc";
        QVERIFY(!readBundle(file.sealed(s.path(u"x"_s))));
        // Hostile texts are texts.
        file = good;
        QByteArray hostile = items;
        hostile.replace("question 3", "<b>\\u202e\\u0000\\u001b[31m question 3");
        QVERIFY(hostile != items);
        file[u"items.jsonl"_s] = hostile;
        QVERIFY(readBundle(file.sealed(s.path(u"x"_s))));
    }
};

QTEST_GUILESS_MAIN(TestBundle)
#include "tst_bundle.moc"
