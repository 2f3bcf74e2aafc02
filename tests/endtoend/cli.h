// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <functional>

namespace evalwright::test {

struct Ran
{
    int code = -1; ///< Exit status; -1: it did not end, -2: it crashed or was killed.
    QByteArray out, err;
    nlohmann::json json() const { return nlohmann::json::parse(out.begin(), out.end(), nullptr, false); }
    /// The error's code in --json mode, empty when standard output is anything but one object with a whole error.
    std::string errorCode() const
    {
        const nlohmann::json object = json();
        if (!object.is_object() || object.size() != 1 || !object.contains("error"))
            return {};
        const nlohmann::json &error = object["error"];
        for (const char *field : {"code", "message", "consequence", "advice", "detail", "suggestions"}) {
            if (!error.contains(field))
                return {};
        }
        // The person at the terminal reads the same words.
        const std::string message = error["message"].get<std::string>();
        return !message.empty() && err.contains(message.c_str()) ? error["code"].get<std::string>() : std::string();
    }
};

/// How a child differs from a plain one.
struct Surroundings
{
    QStringList environment;       ///< NAME=value
    QByteArray input;              ///< Standard input.
    std::function<void()> inChild; ///< Runs after fork, before exec.
    QString program = QStringLiteral(EVALWRIGHT_CLI);
    QString output; ///< Standard output goes to this file.
};

inline void prepare(QProcess &process, const Surroundings &around)
{
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.remove(QStringLiteral("EVALWRIGHT_PROJECT"));
    for (const QString &pair : around.environment)
        variables.insert(pair.section(QLatin1Char('='), 0, 0), pair.section(QLatin1Char('='), 1));
    process.setProcessEnvironment(variables);
    if (around.inChild)
        process.setChildProcessModifier(around.inChild);
    if (!around.output.isEmpty())
        process.setStandardOutputFile(around.output);
}

/// What a process that has ended left.
inline Ran finished(QProcess &process)
{
    Ran ran;
    ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

/// Runs evalwright-cli to its end.
inline Ran runWith(const Surroundings &around, const QStringList &arguments)
{
    QProcess process;
    prepare(process, around);
    process.start(around.program, arguments);
    process.write(around.input);
    process.closeWriteChannel();
    if (!process.waitForFinished(120'000))
        return {};
    return finished(process);
}
inline Ran run(const QStringList &arguments, const QStringList &environment = {})
{
    Surroundings around;
    around.environment = environment;
    return runWith(around, arguments);
}

/// A new project with the model "fake" at the server; false when that failed.
inline bool makeProject(const QString &file, const QString &url, const QStringList &more = {})
{
    const QStringList project{QStringLiteral("-p"), file};
    return run({QStringLiteral("project"), QStringLiteral("new"), file}).code == 0 &&
           run(project +
               QStringList{QStringLiteral("model"), QStringLiteral("add"), QStringLiteral("fake"),
                           QStringLiteral("--base-url"), url, QStringLiteral("--model"), QStringLiteral("fake")} +
               more)
                   .code == 0;
}

/// evalwright-cli --json --quiet -p FILE …
inline QStringList onProject(const QString &file, const QString &command)
{
    return QStringList{QStringLiteral("--json"), QStringLiteral("--quiet"), QStringLiteral("-p"), file} +
           QProcess::splitCommand(command);
}
/// A generation of 2 × `samples` statements into "set".
inline QStringList generateInto(const QString &file, int samples = 20, int keep = 4)
{
    return onProject(file, QStringLiteral("generate set --recipe persona-yes-no --writer fake --samples %1 --keep %2")
                               .arg(samples)
                               .arg(keep));
}

} // namespace evalwright::test
