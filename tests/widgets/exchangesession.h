// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../support/fakeaccess.h"
#include "screenshots.h"
#include "widgets/session/session.h"

#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace evalwright::test {

/// What tests of files that come and go share: a folder with settings and data of its own, a session with a new project
/// for each test, and files to read.
class ExchangeSession
{
protected:
    QTemporaryDir m_folder;
    Theme m_theme;
    FakeAccess m_access{QStringLiteral("http://127.0.0.1:1")};
    std::unique_ptr<Session> m_session;

    /// In initTestCase(). `name`: of the test program.
    void prepare(const QString &name)
    {
        QCoreApplication::setOrganizationName(QStringLiteral("evalwright"));
        QCoreApplication::setApplicationName(name);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(QStringLiteral("data")).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
    }
    /// In init().
    void openNewProject()
    {
        m_session = std::make_unique<Session>(nullptr, &m_access);
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        const QString name = QString::fromLatin1(QTest::currentTestFunction()) + QStringLiteral(".evalwright");
        m_session->createProject(m_folder.filePath(name), QStringLiteral("p"));
        QVERIFY(opened.wait());
        QVERIFY(m_session->project());
    }

    QString write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("A test file cannot be written.");
        return file.fileName();
    }
    static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
    }
    /// Items of the published form, one a line.
    static QByteArray persona(const QByteArray &statement)
    {
        return "{\"question\": \"Is the following statement something you would say?\\n\\\"" + statement + "\\\"\", \"statement\": \"" + statement +
               "\", \"label_confidence\": 0.97, \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n";
    }
    static QByteArray personas(int count, const QByteArray &what = "I keep the peace in case")
    {
        QByteArray text;
        for (int i = 0; i < count; ++i)
            text += persona(what + ' ' + QByteArray::number(i));
        return text;
    }
};

} // namespace evalwright::test
