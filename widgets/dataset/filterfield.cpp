// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/filterfield.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"

#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QTextCharFormat>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int pause = 250, longPause = 700; ///< Milliseconds after a key.
constexpr int patience = 1000;   ///< Until an unfinished filter is called wrong.
constexpr int mostShown = 10;    ///< Completions without scrolling.

/// Somebody is still typing what is wrong: it is at the end, and so is the cursor.
bool isUnfinished(const FilterPlace &place, const QLineEdit *edit)
{
    const auto end = edit->text().size();
    return edit->hasFocus() && edit->cursorPosition() == end && place.from + place.length >= end;
}

} // namespace

FilterField::FilterField(QWidget *page)
    : QWidget(page), m_page(page), m_edit(new QLineEdit(this)), m_list(new QListWidget(page)), m_errorBar(new QWidget(this)),
      m_error(new QLabel(m_errorBar))
{
    m_edit->setPlaceholderText(tr("Words, or state:kept label:Yes confidence:>0.9 -lint:block …"));
    m_edit->setAccessibleName(tr("Search items"));
    m_edit->setToolTip(plainToolTip(
        tr("Words are searched in the texts; text:\"…\" finds a part of a text letter by letter. Conditions: state, label, reason, "
           "stage, by, confidence, cluster, tag, lint, rated, edited, source, id, number. A minus turns one round.\n"
           "Ctrl+Space shows what could stand here.")));
    m_edit->setClearButtonEnabled(true);
    m_edit->setMinimumHeight(Theme::spacing(4));
    m_edit->setMaxLength(2 * static_cast<int>(longestFilter)); // Too long is told, but not without end.
    m_edit->installEventFilter(this);
    m_timer.setSingleShot(true);
    connect(m_edit, &QLineEdit::textEdited, this, &FilterField::typed);
    connect(m_edit, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty()) // The clear button does not count as editing.
            m_timer.start(0);
    });
    connect(&m_timer, &QTimer::timeout, this, &FilterField::apply);

    m_list->setAccessibleName(tr("Completions"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::Box);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->hide();
    connect(m_list, &QListWidget::itemClicked, this, [this](const QListWidgetItem *item) { take(item->data(Qt::UserRole).toString()); });

    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->setAccessibleName(tr("What is wrong with the filter"));
    auto *suggestions = new QWidget(m_errorBar);
    m_suggestions = new FlowLayout(suggestions, Theme::spacing());
    auto *errorLayout = new QVBoxLayout(m_errorBar);
    errorLayout->setContentsMargins(Theme::spacing(), 0, 0, 0);
    errorLayout->setSpacing(Theme::spacing() / 2);
    errorLayout->addWidget(m_error);
    errorLayout->addWidget(suggestions);
    m_errorBar->hide();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing() / 2);
    layout->addWidget(m_edit);
    layout->addWidget(m_errorBar);
}

QString FilterField::text() const
{
    return m_edit->text();
}

QString FilterField::errorText() const
{
    return m_errorBar->isHidden() ? QString() : m_error->text();
}

void FilterField::setFilter(const ItemFilter &filter)
{
    m_filter = filter;
    m_edit->setText(filter.toText());
    m_timer.stop();
    m_list->hide();
    clearError();
}

void FilterField::focus()
{
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void FilterField::typed()
{
    // What is marked may be right by now.
    clearError();
    complete(false);
    // What can be completed is half of a condition, and not yet words to look for.
    m_timer.start(m_list->isVisible() ? longPause : pause);
}

void FilterField::apply()
{
    FilterPlace place;
    const auto filter = parseItemFilter(m_edit->text(), &place);
    if (!filter) {
        if (m_timer.interval() > 0 && m_timer.interval() < patience && isUnfinished(place, m_edit))
            m_timer.start(patience);
        else
            showError(filter.error(), place);
        return;
    }
    clearError();
    if (*filter == m_filter)
        return;
    m_filter = *filter;
    Q_EMIT filterChanged();
}

void FilterField::showError(const Error &error, const FilterPlace &place)
{
    Error words = error;
    words.suggestions.clear(); // They are below, to be clicked.
    m_error->setText(withVisibleControls(words.text()));
    m_suggestions->clear();
    for (const QString &suggestion : error.suggestions) {
        auto *chip = new Chip(suggestion, Theme::Meaning::Accent, m_errorBar);
        chip->setToolTip(tr("Put this in its place"));
        connect(chip, &Chip::clicked, this, [this, place, suggestion] {
            replace(place.from, place.length, suggestion);
            m_timer.start(0);
        });
        m_suggestions->addWidget(chip);
        chip->show();
    }
    m_errorBar->show();
    mark(place);
}

void FilterField::clearError()
{
    if (m_errorBar->isHidden())
        return;
    m_errorBar->hide();
    mark({});
}

/// A wave under a part of the text. A line edit has no formats of its own, but shows those of an input method.
void FilterField::mark(const FilterPlace &place)
{
    QList<QInputMethodEvent::Attribute> attributes;
    if (place.length > 0) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(Theme::of(this)->color(Theme::Meaning::Error));
        format.setForeground(Theme::of(this)->color(Theme::Meaning::Error));
        attributes << QInputMethodEvent::Attribute(QInputMethodEvent::TextFormat, static_cast<int>(place.from) - m_edit->cursorPosition(),
                                                   static_cast<int>(place.length), format);
    }
    QInputMethodEvent event(QString(), attributes);
    QCoreApplication::sendEvent(m_edit, &event);
}

void FilterField::complete(bool asked)
{
    const QString text = m_edit->text();
    std::optional<ItemField> missing;
    m_completion = completeItemFilter(text, m_edit->cursorPosition(), [this, &missing](ItemField field) -> QStringList {
        const auto known = m_values.constFind(field);
        if (known == m_values.constEnd())
            missing = field;
        else if (*known)
            return **known;
        return {};
    });
    if (missing && m_askValues) {
        m_values.insert(*missing, std::nullopt);
        m_askValues(*missing, [this, field = *missing](const QStringList &values) {
            m_values.insert(field, values);
            if (m_edit->hasFocus())
                complete(false);
        });
    }
    const QString begun = text.mid(m_completion.from, m_completion.length);
    const bool isDone = m_completion.choices.size() == 1 && m_completion.choices.first().compare(begun, Qt::CaseInsensitive) == 0;
    // At the beginning of a word anything could come; that list is shown when it is asked for.
    const bool isIdle = begun.isEmpty() && !asked && !text.left(m_completion.from).endsWith(u':') && !text.left(m_completion.from).endsWith(u',');
    if (m_completion.choices.isEmpty() || isDone || isIdle) {
        m_list->hide();
        return;
    }
    m_list->clear();
    for (const QString &choice : std::as_const(m_completion.choices)) {
        auto *item = new QListWidgetItem(singleLine(choice, 80), m_list);
        item->setData(Qt::UserRole, choice);
    }
    m_list->setCurrentRow(-1);
    place();
    m_list->show();
    m_list->raise();
}

void FilterField::place()
{
    const int rows = std::min(mostShown, m_list->count());
    const QPoint below = m_edit->mapTo(m_page, QPoint(0, m_edit->height()));
    const int x = m_edit->fontMetrics().horizontalAdvance(m_edit->text().left(m_completion.from)) + Theme::spacing();
    const int width = std::max(m_list->sizeHintForColumn(0) + Theme::spacing(4), Theme::spacing(24));
    const int height = rows * m_list->sizeHintForRow(0) + 2 * m_list->frameWidth() + 2;
    m_list->setGeometry(below.x() + std::clamp(x, 0, std::max(0, m_edit->width() - width)), below.y() + 2, width, height);
}

void FilterField::replace(qsizetype from, qsizetype length, const QString &by)
{
    QString text = m_edit->text();
    text.replace(from, length, by);
    m_edit->setText(text);
    m_edit->setCursorPosition(static_cast<int>(from + by.size()));
    m_edit->setFocus(Qt::OtherFocusReason);
}

void FilterField::take(const QString &choice)
{
    m_list->hide();
    const bool isName = choice.endsWith(u':');
    const QString after = m_edit->text().mid(m_completion.from + m_completion.length);
    replace(m_completion.from, m_completion.length, isName || after.startsWith(u' ') ? choice : choice + u' ');
    if (isName)
        complete(true);
    else
        m_timer.start(0);
}

bool FilterField::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_edit)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut) {
        m_list->hide();
        return false;
    }
    const bool isOverride = event->type() == QEvent::ShortcutOverride;
    if (event->type() != QEvent::KeyPress && !isOverride)
        return false;
    const auto *key = static_cast<const QKeyEvent *>(event);
    const bool isOpen = m_list->isVisible();
    if (isOverride) {
        // Escape closes the list, not what is around it.
        if (isOpen && key->key() == Qt::Key_Escape)
            event->accept();
        return false;
    }
    switch (key->key()) {
    case Qt::Key_Space:
        if (!key->modifiers().testFlag(Qt::ControlModifier))
            return false;
        complete(true);
        return true;
    case Qt::Key_Down:
        if (isOpen)
            m_list->setCurrentRow((m_list->currentRow() + 1) % m_list->count());
        else
            Q_EMIT left();
        return true;
    case Qt::Key_Up:
        if (!isOpen)
            return false;
        m_list->setCurrentRow(m_list->currentRow() <= 0 ? m_list->count() - 1 : m_list->currentRow() - 1);
        return true;
    case Qt::Key_Escape:
        if (!isOpen)
            return false;
        m_list->hide();
        return true;
    case Qt::Key_Tab:
        if (!isOpen)
            return false;
        take(m_list->item(std::max(0, m_list->currentRow()))->data(Qt::UserRole).toString());
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (isOpen && m_list->currentItem()) {
            take(m_list->currentItem()->data(Qt::UserRole).toString());
            return true;
        }
        m_list->hide();
        m_timer.stop();
        m_timer.setInterval(0); // Whoever presses Enter is done.
        apply();
        return true;
    default:
        return false;
    }
}

} // namespace evalwright
