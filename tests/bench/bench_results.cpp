// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchproject.h"
#include "core/statistics/random.h"
#include "evaluation/results.h"
#include "evaluation/figures.h"
#include "storage/exchange/observations/observationcsv.h"
#include "storage/exchange/observations/observations.h"
#include "storage/project.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

/// How long results take: matrix and scaling figure of ITEMS items in clusters of 20 by MODELS models, of a project
/// that was just opened. Usage: bench_results [ITEMS [MODELS]]; 200,000 and 8 when left out.
using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

void writeTable(const QString &path, int items, int models)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("no space for the table");
    file.write("dataset,item,cluster,model,family,parameters,steps,frame,control,answer,matching,probability\n");
    for (int m = 0; m < models; ++m) {
        const auto draws = statistics::drawUniforms(1, "bench/answers", static_cast<std::uint32_t>(m),
                                                    static_cast<std::size_t>(items));
        const double size = 1e7 * std::pow(10, 0.5 * m);
        for (int i = 0; i < items; ++i) {
            const bool matches = draws[static_cast<std::size_t>(i)] < 0.4 + 0.03 * m;
            file.write(QByteArray("big,i") + QByteArray::number(i) + ",c" + QByteArray::number(i / 20) + ",m" +
                       QByteArray::number(m) + ",fam," + QByteArray::number(size, 'f', 0) + ",,chat,none," +
                       (matches ? "Yes,1," : "No,0,") +
                       QByteArray::number(draws[static_cast<std::size_t>(i)], 'f', 4) + '\n');
        }
    }
}

void print(const char *name, double seconds, int items, int models)
{
    const json line{{"benchmark", name}, {"items", items}, {"models", models}, {"seconds", seconds}};
    std::puts(line.dump().c_str());
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const int items = arguments.value(1, u"200000"_s).toInt(), models = arguments.value(2, u"8"_s).toInt();
    const QTemporaryDir folder;
    const QString table = folder.filePath(u"answers.csv"_s), path = folder.filePath(u"p.evalwright"_s);
    writeTable(table, items, models);
    QElapsedTimer timer;
    {
        const auto project = must(Project::create(path, u"bench"_s));
        const auto source = must(openObservationCsv(table));
        timer.start();
        must(importObservations(*project, table, *source, {}));
        print("results/import", static_cast<double>(timer.elapsed()) / 1000, items, models);
    }
    for (int round = 0; round < 3; ++round) {
        timer.start();
        const auto project = must(Project::open(path, Project::Access::ReadOnly));
        must(project->readNow([](Connection &c) -> Result<qsizetype> {
            EVALWRIGHT_ASSIGN(const QList<ResultRow> rows, results(c, {}));
            return resultMatrix(rows).rows.size();
        }));
        print("results/matrix", static_cast<double>(timer.elapsed()) / 1000, items, models);
        timer.start();
        const auto again = must(Project::open(path, Project::Access::ReadOnly));
        must(again->readNow([](Connection &c) -> Result<qsizetype> {
            EVALWRIGHT_ASSIGN(const ScalingReport report, scaling(c, {}));
            return scalingFigure(report, {}).series.size();
        }));
        print("results/scaling_figure", static_cast<double>(timer.elapsed()) / 1000, items, models);
    }
    return 0;
}
