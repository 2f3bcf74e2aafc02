// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Project files with damage that nobody chose, and with some that somebody did: a fixed number of cases by a fixed seed.
// Nothing crashes or runs on, the damaged file stays as it is, and what comes out is a project or an error.
#include "storage/tools/projectrecover.h"
#include "storage/tools/treereader.h"
#include "../support/fuzzing.h"
#include "toolproject.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype pageSize = 4096;

void put(QByteArray &bytes, qsizetype at, quint64 value, int size)
{
    for (int i = 0; i < size; ++i) {
        if (at + i < bytes.size())
            bytes[at + i] = static_cast<char>(value >> (8 * (size - 1 - i)));
    }
}

/// Numbers at which something ends.
quint32 edge(std::mt19937 &random, qsizetype pages)
{
    const quint32 edges[] = {0, 1, 2, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, static_cast<quint32>(pages), static_cast<quint32>(pages) + 1,
                             static_cast<quint32>(below(random, pages)), static_cast<quint32>(random())};
    return edges[random() % std::size(edges)];
}

/// One change of the kinds that disks, memory, copying and people make.
void damage(QByteArray &bytes, std::mt19937 &random)
{
    const qsizetype pages = bytes.size() / pageSize;
    if (pages == 0)
        return;
    // The first pages hold the schema, which most depends on.
    const auto anyPage = [&] { return (random() % 3 == 0 ? below(random, qMin<qsizetype>(pages, 12)) : below(random, pages)) * pageSize; };
    const qsizetype page = anyPage(), start = page == 0 ? 100 : page;
    const qsizetype content = page + below(random, pageSize);
    switch (random() % 16) {
    case 0: // Single bytes.
        for (unsigned i = 1 + random() % 40; i > 0; --i)
            bytes[below(random, bytes.size())] = static_cast<char>(random());
        break;
    case 1:
        bytes[content] = static_cast<char>(bytes[content] ^ (1 << (random() % 8)));
        break;
    case 2:
        bytes.truncate(random() % 2 == 0 ? below(random, bytes.size()) : pages * pageSize - below(random, pageSize));
        break;
    case 3:
        bytes.replace(page, pageSize, QByteArray(pageSize, random() % 2 == 0 ? '\0' : static_cast<char>(random())));
        break;
    case 4: { // Two pages change places.
        const qsizetype other = anyPage();
        const QByteArray one = bytes.mid(page, pageSize);
        bytes.replace(page, pageSize, bytes.mid(other, pageSize));
        bytes.replace(other, pageSize, one);
        break;
    }
    case 5:
        bytes.replace(page, pageSize, bytes.mid(anyPage(), pageSize));
        break;
    case 6: // What kind of page it is.
        bytes[start] = QByteArray("\x02\x05\x0a\x0d\x00\xff", 6)[below(random, 6)];
        break;
    case 7: // How many cells, and where the last child is.
        put(bytes, start + 3, edge(random, 400), 2);
        put(bytes, start + 8, edge(random, pages), 4);
        break;
    case 8: // Where the cells are.
        for (qsizetype i = 0; i < 40; ++i)
            put(bytes, start + 8 + 2 * i, random() % 4 == 0 ? random() : static_cast<quint32>(below(random, pageSize)), 2);
        break;
    case 9: // Lengths and types.
        bytes.replace(content, qMin<qsizetype>(9, bytes.size() - content), QByteArray(9, '\xff').first(qMin<qsizetype>(9, bytes.size() - content)));
        break;
    case 10: // Links of long rows and free pages: to nowhere, in a circle.
        put(bytes, page, random() % 2 == 0 ? static_cast<quint32>(page / pageSize + 1) : edge(random, pages), 4);
        break;
    case 11: // Children, in the middle of a page.
        put(bytes, page + below(random, pageSize / 4) * 4, edge(random, pages), 4);
        break;
    case 12: { // The header of the file.
        static constexpr std::pair<int, int> fields[] = {{16, 2}, {18, 1}, {19, 1}, {20, 1}, {21, 1}, {24, 4}, {28, 4}, {32, 4}, {36, 4},
                                                         {40, 4}, {44, 4}, {52, 4}, {56, 4}, {60, 4}, {64, 4}, {68, 4}, {92, 4}, {96, 4}};
        const auto [at, size] = fields[random() % std::size(fields)];
        put(bytes, at, at == 16 ? 512U << (random() % 9) : edge(random, pages), size);
        break;
    }
    case 13: // Everything behind moves.
        if (random() % 2 == 0)
            bytes.insert(content, QByteArray(1 + below(random, 3000), static_cast<char>(random())));
        else
            bytes.remove(content, 1 + below(random, 3000));
        break;
    case 14: // Noise at the end.
        for (unsigned i = random() % 9000; i > 0; --i)
            bytes += static_cast<char>(random());
        break;
    default: { // Words of the schema and of JSON.
        const QByteArray words[] = {"CREATE", "TABLE", "candidate", "INTEGER", "\"", "{", "uuid", "decision", "sqlite_"};
        const qsizetype found = bytes.indexOf(words[random() % std::size(words)], below(random, bytes.size()));
        if (found >= 0)
            bytes[found] = static_cast<char>(random());
        break;
    }
    }
}

/// A log whose checksums are right, about pages and sizes that need not be.
QByteArray craftedLog(std::mt19937 &random, const QByteArray &file)
{
    quint32 first = 0, second = 0;
    const auto add = [&](const QByteArray &bytes) {
        for (qsizetype i = 0; i + 8 <= bytes.size(); i += 8) {
            first += numberAt(bytes.constData() + i, 4) + second;
            second += numberAt(bytes.constData() + i + 4, 4) + first;
        }
    };
    const auto sum = [&] {
        QByteArray out(8, '\0');
        put(out, 0, first, 4);
        put(out, 4, second, 4);
        return out;
    };
    QByteArray log(24, '\0');
    put(log, 0, 0x377f0683, 4);
    put(log, 4, 3007000, 4);
    put(log, 8, pageSize, 4);
    put(log, 16, random(), 4);
    add(log);
    log += sum();
    const qsizetype pages = file.size() / pageSize;
    for (unsigned frame = 1 + random() % 6; frame > 0; --frame) {
        QByteArray head(8, '\0');
        put(head, 0, edge(random, pages), 4);
        put(head, 4, random() % 2 == 0 ? edge(random, pages) : 0, 4);
        QByteArray page = file.mid(below(random, pages) * pageSize, pageSize).leftJustified(pageSize, '\0');
        damage(page, random);
        page = page.leftJustified(pageSize, '\0', true);
        add(head);
        add(page);
        log += head + log.mid(16, 8) + sum() + page;
    }
    if (random() % 4 == 0)
        log.truncate(below(random, log.size()));
    return log;
}

} // namespace

class TestRecoverFuzz : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QByteArray m_sound;
    int m_number = 0;

    struct Case
    {
        QString path;
        QByteArray bytes, log;
    };

    QString newPath() { return m_folder.filePath(u"f%1.evalwright"_s.arg(++m_number)); }
    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
    }
    Case next(std::mt19937 &random)
    {
        Case one{newPath(), m_sound, {}};
        for (unsigned changes = 1 + random() % 4; changes > 0; --changes)
            damage(one.bytes, random);
        const unsigned log = random() % 6;
        if (log == 0)
            one.log = craftedLog(random, m_sound);
        for (unsigned i = log == 1 ? random() % 20'000 : 0; i > 0; --i)
            one.log += static_cast<char>(random());
        write(one.path, one.bytes);
        if (!one.log.isEmpty())
            write(one.path + u"-wal"_s, one.log);
        return one;
    }
    void keepOnFailure(const Case &one)
    {
        if (!QTest::currentTestFailed())
            return;
        const QString kept = QDir::temp().filePath(u"evalwright-recoverfuzz.evalwright"_s);
        write(kept, one.bytes);
        write(kept + u"-wal"_s, one.log);
        qWarning("The file is kept as %s", qPrintable(kept));
    }
    void removeAll()
    {
        QDir folder(m_folder.path());
        for (const QString &name : folder.entryList(QDir::Files))
            folder.remove(name);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString path = newPath();
        const auto project = Project::create(path, u"Trial"_s);
        QVERIFY(project);
        QVERIFY((*project)->writeNow([](Connection &c) { return addGenerated(c, u"first"_s, 40); }));
        // Longer than a page, and pages that are free.
        QVERIFY((*project)->writeNow([](Connection &c) { return c.execute(u"UPDATE response SET body = CAST(replace(hex(zeroblob(20000)), '00', 'ab') AS BLOB) WHERE id % 9 = 7"_s); }));
        QVERIFY((*project)->writeNow([](Connection &c) { return c.execute(u"UPDATE response SET body = x'00' WHERE id % 18 = 7"_s); }));
        QVERIFY((*project)->maintain([](Connection &c) { return c.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s); }).result());
        m_sound = fileBytes(path);
        QVERIFY(m_sound.size() > 50 * pageSize);
    }

    /// Only the pages, without a new project: fast, so many.
    void pages()
    {
        std::mt19937 random = fuzzRandom();
        qint64 rows = 0;
        for (int i = 0; i < fuzzCases(1500); ++i) {
            const Case one = next(random);
            const qint64 start = cpuSeconds();
            const auto file = DamagedFile::open(one.path);
            QVERIFY(file);
            // No log makes a file larger than file and log together.
            QVERIFY2(((*file)->pageCount() - 2) * (*file)->pageSize() <= one.bytes.size() + one.log.size() || one.log.isEmpty(),
                     QByteArray::number((*file)->pageCount()).constData());
            TreeReader reader(**file);
            const auto use = [&rows](qint64, const StoredRecord &record) {
                ++rows;
                std::size_t seen = 0;
                for (const StoredValue &value : record) {
                    for (const char c : value.bytes)
                        seen += static_cast<unsigned char>(c);
                }
                QVERIFY(seen < 256 * std::size_t(1'000'000'000));
            };
            const std::vector<bool> free = (*file)->freePages();
            for (const qint64 root : {qint64(1), qint64(2), qint64(random() % 40), qint64(random())})
                reader.readTree(root, use, {});
            for (qint64 page = 1; page <= (*file)->pageCount(); ++page)
                reader.readLeaf(page, use);
            QVERIFY2(cpuSeconds() - start < 20, QByteArray::number(i).constData());
            removeAll();
        }
        QVERIFY(rows > 1000);
    }

    void recovered()
    {
        std::mt19937 random = fuzzRandom();
        int made = 0;
        for (int i = 0; i < fuzzCases(25); ++i) {
            const Case one = next(random);
            const QString to = newPath();
            const qint64 start = cpuSeconds();
            const auto report = recoverProject(one.path, to);
            QVERIFY2(cpuSeconds() - start < 60, QByteArray::number(i).constData());
            QVERIFY(fileBytes(one.path) == one.bytes);
            QVERIFY(one.log.isEmpty() || fileBytes(one.path + u"-wal"_s) == one.log);
            QCOMPARE(QDir(m_folder.path()).entryList({u"*.part-*"_s}), QStringList());
            if (report) {
                const auto project = Project::open(to, Project::Access::ReadWrite);
                QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
                QVERIFY(report->toJson().is_object());
                (void)contents(**project);
                // What is wrong with it is what the report says.
                const auto check = (*project)->readNow([](Connection &c) { return checkProject(c); });
                QVERIFY(check);
                QCOMPARE(check->ok, report->check.ok);
                ++made;
            } else {
                QVERIFY(!report.error().text().isEmpty() && !QFileInfo::exists(to));
            }
            keepOnFailure(one);
            removeAll();
        }
        QVERIFY2(made > 10, QByteArray::number(made).constData());
    }

    /// Without recovery: opening, checking and reading end too.
    void opened()
    {
        std::mt19937 random = fuzzRandom();
        int open = 0;
        for (int i = 0; i < fuzzCases(60); ++i) {
            const Case one = next(random);
            const qint64 start = cpuSeconds();
            for (const auto access : {Project::Access::ReadOnly, Project::Access::ReadWrite}) {
                const auto project = Project::open(one.path, access);
                if (!project) {
                    QVERIFY(!project.error().text().isEmpty());
                    continue;
                }
                ++open;
                const auto check = (*project)->readNow([](Connection &c) { return checkProject(c); });
                QVERIFY(check && check->toJson().is_object());
                const auto items = (*project)->readNow([](Connection &c) -> Result<qsizetype> {
                    EVALWRIGHT_ASSIGN(const Dataset set, datasetByName(c, u"first"_s));
                    EVALWRIGHT_ASSIGN(const auto list, itemsOf(c, set.id));
                    return list.size();
                });
                QVERIFY(items || !items.error().text().isEmpty());
            }
            QVERIFY2(cpuSeconds() - start < 60, QByteArray::number(i).constData());
            keepOnFailure(one);
            removeAll();
        }
        QVERIFY2(open > 10, QByteArray::number(open).constData());
    }
};

QTEST_GUILESS_MAIN(TestRecoverFuzz)
#include "tst_recoverfuzz.moc"
