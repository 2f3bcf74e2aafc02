// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions/shortcutsdialog.h"

#include <QKeySequenceEdit>
#include <QMainWindow>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestShortcuts : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static QPushButton *button(const ShortcutsDialog &dialog, const QString &text)
    {
        for (QPushButton *candidate : dialog.findChildren<QPushButton *>()) {
            if (candidate->text().remove(u'&') == text)
                return candidate;
        }
        return nullptr;
    }
    static void choose(const ShortcutsDialog &dialog, const QString &text)
    {
        const auto found = dialog.list()->findItems(text, Qt::MatchExactly | Qt::MatchRecursive);
        QCOMPARE(found.size(), 1);
        dialog.list()->setCurrentItem(found.first());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"shortcuts"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    }

    void changesAreKeptAndConflictsAreNot()
    {
        QMainWindow window;
        int made = 0;
        {
            ActionRegistry actions(&window);
            actions.add(u"a"_s, u"Group"_s, u"&First"_s, QKeySequence(u"Ctrl+1"_s), [&made] { ++made; });
            actions.add(u"b"_s, u"Group"_s, u"Second"_s, QKeySequence(u"Ctrl+2"_s), [] {});
            auto *dialog = new ShortcutsDialog(actions, &window);
            choose(*dialog, u"First"_s);
            QCOMPARE(dialog->keys()->keySequence(), QKeySequence(u"Ctrl+1"_s));
            QPushButton *use = button(*dialog, u"Use these keys"_s);
            QVERIFY(use && !use->isEnabled());

            // Another action has these: the button stays off, and nothing changes.
            dialog->keys()->setKeySequence(QKeySequence(u"Ctrl+2"_s));
            QVERIFY(!use->isEnabled());
            use->click();
            QCOMPARE(actions.action(u"a"_s)->shortcut(), QKeySequence(u"Ctrl+1"_s));

            dialog->keys()->setKeySequence(QKeySequence(u"Ctrl+7"_s));
            QVERIFY(use->isEnabled());
            use->click();
            QCOMPARE(actions.action(u"a"_s)->shortcut(), QKeySequence(u"Ctrl+7"_s));
            choose(*dialog, u"Second"_s);
            button(*dialog, u"No shortcut"_s)->click();
            QVERIFY(actions.action(u"b"_s)->shortcut().isEmpty());
            // "First" takes the free keys; then "Second" cannot have them back.
            choose(*dialog, u"First"_s);
            dialog->keys()->setKeySequence(QKeySequence(u"Ctrl+2"_s));
            use->click();
            choose(*dialog, u"Second"_s);
            button(*dialog, u"As shipped"_s)->click();
            QVERIFY(actions.action(u"b"_s)->shortcut().isEmpty());
            delete dialog;
        }
        ActionRegistry again(&window);
        again.add(u"a"_s, u"Group"_s, u"First"_s, QKeySequence(u"Ctrl+1"_s), [] {});
        again.add(u"b"_s, u"Group"_s, u"Second"_s, QKeySequence(u"Ctrl+3"_s), [] {});
        QCOMPARE(again.action(u"a"_s)->shortcut(), QKeySequence(u"Ctrl+2"_s));
        QVERIFY(again.action(u"b"_s)->shortcut().isEmpty());
        ShortcutsDialog dialog(again, &window);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        button(dialog, u"All as shipped"_s)->click();
        QCOMPARE(again.action(u"a"_s)->shortcut(), QKeySequence(u"Ctrl+1"_s));
        QCOMPARE(again.action(u"b"_s)->shortcut(), QKeySequence(u"Ctrl+3"_s));
        QVERIFY(QSettings().allKeys().isEmpty());
    }
};

QTEST_MAIN(TestShortcuts)
#include "tst_shortcuts.moc"
