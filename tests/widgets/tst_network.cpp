// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/networkdialog.h"
#include "widgets/session/networksettings.h"

#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestNetwork : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_network"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    }

    /// What is wrong is said and stored nowhere; what is right is there the next time.
    void settingsAreCheckedAndKept()
    {
        NetworkDialog dialog;
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.proxy()->setText(u"http://me:secret@proxy.invalid:3128"_s);
        dialog.accept();
        QCOMPARE(dialog.result(), int(QDialog::Rejected));
        QVERIFY(!dialog.problem()->isHidden());
        QVERIFY(!dialog.problem()->text().contains(u"secret"_s));
        QVERIFY(networkSettings().proxy.isEmpty());
        dialog.proxy()->setText(u" http://proxy.invalid:3128 "_s);
        dialog.accept();
        QCOMPARE(dialog.result(), int(QDialog::Accepted));
        QCOMPARE(networkSettings().proxy, u"http://proxy.invalid:3128"_s);
        const NetworkDialog again;
        QCOMPARE(again.proxy()->text(), u"http://proxy.invalid:3128"_s);
    }

    void theEnvironmentFillsWhatIsNotSet()
    {
        qputenv("EVALWRIGHT_PROXY", "http://other.invalid:1");
        qputenv("EVALWRIGHT_CA_FILE", "/somewhere.pem");
        const TransportSettings settings = TransportSettings{u"http://own.invalid:1"_s, {}, {}}.withEnvironment();
        QCOMPARE(settings.proxy, u"http://own.invalid:1"_s);
        QCOMPARE(settings.caFile, u"/somewhere.pem"_s);
        QVERIFY(settings.noProxy.isEmpty());
    }
};

QTEST_MAIN(TestNetwork)
#include "tst_network.moc"
