// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>

namespace evalwright::test {

struct Ran
{
    int code = -1;
    QByteArray out, err;
    nlohmann::json json() const { return nlohmann::json::parse(out.begin(), out.end(), nullptr, false); }
};

/// Runs evalwright-cli to its end.
inline Ran run(const QStringList &arguments, const QStringList &environment = {})
{
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.remove(QStringLiteral("EVALWRIGHT_PROJECT"));
    for (const QString &pair : environment)
        variables.insert(pair.section(QLatin1Char('='), 0, 0), pair.section(QLatin1Char('='), 1));
    process.setProcessEnvironment(variables);
    process.start(QStringLiteral(EVALWRIGHT_CLI), arguments);
    Ran ran;
    if (!process.waitForFinished(120'000))
        return ran;
    ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

} // namespace evalwright::test
