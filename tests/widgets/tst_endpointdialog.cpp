// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/endpointdialog.h"
#include "screenshots.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestEndpointDialog : public QObject
{
    Q_OBJECT

    Theme m_theme;

    static QLineEdit *field(const EndpointDialog &dialog, const QString &hint)
    {
        for (QLineEdit *line : dialog.findChildren<QLineEdit *>()) {
            if (line->placeholderText().contains(hint))
                return line;
        }
        qFatal("no such field");
    }

private Q_SLOTS:
    void aKeyInPlainIsAskedAboutWhereItMatters()
    {
        EndpointDialog dialog(nullptr);
        auto *box = dialog.findChild<QCheckBox *>();
        QVERIFY(box && !box->isVisibleTo(&dialog));
        QLineEdit *url = field(dialog, u"api.example.org"_s), *key = field(dialog, u"EXAMPLE_API_KEY"_s);
        url->setText(u"http://box.local:8000/v1"_s);
        QVERIFY(!box->isVisibleTo(&dialog)); // There is no key to send.
        key->setText(u"SOME_KEY"_s);
        QVERIFY(box->isVisibleTo(&dialog));
        QVERIFY(!dialog.allowsPlainHttp()); // Off until it is wanted.
        box->setChecked(true);
        QVERIFY(dialog.allowsPlainHttp());
        lookAt(dialog, u"endpoint-plain-http"_s, QSize(620, 520), m_theme);
        for (const QString &safe : {u"https://box.local:8000/v1"_s, u"http://127.0.0.1:8000"_s}) {
            url->setText(safe);
            QVERIFY(!box->isVisibleTo(&dialog));
            QVERIFY(!dialog.allowsPlainHttp());
        }
    }
};

QTEST_MAIN(TestEndpointDialog)
#include "tst_endpointdialog.moc"
