// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/exchange.h"
#include "storage/project.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <sys/resource.h>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

template <class T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", qPrintable(result.error().text()));
        std::exit(1);
    }
    return *std::move(result);
}

double seconds(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Prints wall time, processor time and the largest memory so far.
template <class Work>
auto timed(const char *what, Work work)
{
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    QElapsedTimer timer;
    timer.start();
    auto result = work();
    const double wall = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    getrusage(RUSAGE_SELF, &after);
    std::printf("{\"what\": \"%s\", \"seconds\": %.2f, \"user\": %.2f, \"system\": %.2f, \"peak_mb\": %.0f}\n", what, wall,
                seconds(after.ru_utime) - seconds(before.ru_utime), seconds(after.ru_stime) - seconds(before.ru_stime),
                static_cast<double>(after.ru_maxrss) / 1024);
    std::fflush(stdout);
    return result;
}

/// Rows as the published personas have them, of invented words.
void writePersona(const QString &path, int rows, unsigned seed)
{
    static const char *const words[]{"power",   "honest", "friend", "people", "would",  "rather",   "always", "decide", "trust",
                                     "someone", "else",   "even",   "if",     "that",   "means",    "less",   "of",     "my",
                                     "time",    "and",    "I",      "believe", "deeply", "in",      "fair",   "rules",  "for"};
    std::mt19937 random(seed);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        std::exit(1);
    QByteArray out;
    for (int i = 0; i < rows; ++i) {
        QByteArray statement = "I ";
        const unsigned count = 6 + random() % 14;
        for (unsigned w = 0; w < count; ++w)
            statement += QByteArray(words[random() % std::size(words)]) + (w + 1 < count ? " " : "");
        statement += QByteArray::number(i);
        const bool yes = random() % 2 == 0;
        out += "{\"question\": \"Is the following statement something you would say?\\n\\\"" + statement + "\\\"\", \"statement\": \"" +
               statement + "\", \"label_confidence\": 0." + QByteArray::number(500000 + random() % 499999) +
               "1, \"answer_matching_behavior\": \"" + (yes ? " Yes" : " No") + "\", \"answer_not_matching_behavior\": \"" +
               (yes ? " No" : " Yes") + "\"}\n";
        if (out.size() > (1 << 20)) {
            file.write(out);
            out.clear();
        }
    }
    file.write(out);
}

} // namespace

/// Times import and export: bench_exchange FOLDER [ROWS [FILES]]. One file of so many rows, and so many small ones.
int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "bench_exchange FOLDER [ROWS [FILES]]\n");
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    const int rows = argc > 2 ? std::atoi(argv[2]) : 1'000'000, files = argc > 3 ? std::atoi(argv[3]) : 190;
    folder.mkpath(u"many"_s);
    const QString large = folder.filePath(u"large.jsonl"_s);
    if (!QFile::exists(large))
        writePersona(large, rows, 1);
    for (int i = 0; i < files; ++i) {
        const QString path = folder.filePath(u"many/persona-%1.jsonl"_s.arg(i));
        if (!QFile::exists(path))
            writePersona(path, 800 + i, static_cast<unsigned>(i));
    }
    const auto fresh = [&](const QString &name) {
        const QString path = folder.filePath(name);
        for (const QString &suffix : {QString(), u"-wal"_s, u"-shm"_s, u".lock"_s})
            QFile::remove(path + suffix);
        return must(Project::create(path, name));
    };
    {
        const auto project = fresh(u"many.evalwright"_s);
        timed("many files", [&] {
            qint64 stored = 0;
            ImportLine line(*project, [&](const Result<ImportReport> &report) -> Status {
                stored += must(report).imported;
                return {};
            });
            for (int i = 0; i < files; ++i) {
                if (!line.add(folder.filePath(u"many/persona-%1.jsonl"_s.arg(i)), {}))
                    std::exit(1);
            }
            if (!line.finish())
                std::exit(1);
            return stored;
        });
    }
    auto project = fresh(u"large.evalwright"_s);
    timed("import", [&] { return must(importFile(*project, large, {})).imported; });
    ExportOptions options;
    options.overwrite = true;
    const ExportReport report = timed("export", [&] {
        return must(exportDataset(*project, u"large"_s, u"anthropic-evals"_s, folder.filePath(u"out.jsonl"_s), options));
    });
    std::printf("{\"what\": \"same bytes\", \"yes\": %s}\n", report.equalsImport ? "true" : "false");
    timed("import again", [&] { return must(importFile(*project, large, {})).duplicates; });
    timed("close", [&] {
        project.reset();
        return 0;
    });
}
