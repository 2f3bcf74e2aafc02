// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/fieldmenu.h"

#include "widgets/review/reviewsettings.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Qt's own texts are never translated in this program, and not all of its actions have names to know them by. Empty for
/// an action that there is no word for.
QString wordFor(const QString &action, const ReviewSettings &settings)
{
    if (action == "Undo"_L1)
        return settings.translate("Review", "Undo");
    if (action == "Redo"_L1)
        return settings.translate("Review", "Redo");
    if (action == "Cut"_L1)
        return settings.translate("Review", "Cut");
    if (action == "Copy"_L1)
        return settings.translate("Review", "Copy");
    if (action == "Paste"_L1)
        return settings.translate("Review", "Paste");
    if (action == "Delete"_L1)
        return settings.translate("Review", "Delete");
    if (action == "Select All"_L1)
        return settings.translate("Review", "Select all");
    return {};
}

} // namespace

QMenu *fieldMenu(QWidget *widget, const ReviewSettings &settings)
{
    QMenu *menu = nullptr;
    if (auto *line = qobject_cast<QLineEdit *>(widget))
        menu = line->createStandardContextMenu();
    else if (auto *field = qobject_cast<QPlainTextEdit *>(widget))
        menu = field->createStandardContextMenu();
    else if (auto *around = qobject_cast<QPlainTextEdit *>(widget->parentWidget()); around && around->viewport() == widget)
        menu = around->createStandardContextMenu();
    if (!menu)
        return nullptr;
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setLayoutDirection(ReviewLanguage::directionOf(settings.words().code()));
    for (QAction *action : menu->actions()) {
        const QString shortcut = action->text().section(u'\t', 1),
                      word = wordFor(action->text().section(u'\t', 0, 0).remove(u'&'), settings);
        action->setText(shortcut.isEmpty() ? word : word + u'\t' + shortcut);
        action->setVisible(action->isSeparator() || !word.isEmpty());
    }
    return menu;
}

} // namespace evalwright
