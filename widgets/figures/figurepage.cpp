// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurepage.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/figureplot.h"
#include "widgets/figures/figuretext.h"
#include "widgets/figures/verdictcard.h"
#include "widgets/files/filedialogs.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/numberstable.h"
#include "widgets/theme/theme.h"

#include <QActionGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct FormatWords
{
    FigurePage::Format format;
    const char *name;
    QLatin1StringView ending;
};
constexpr std::array formats{
    FormatWords{FigurePage::Format::Png, QT_TRANSLATE_NOOP("evalwright::FigurePage", "PNG picture…"), "png"_L1},
    FormatWords{FigurePage::Format::Svg, QT_TRANSLATE_NOOP("evalwright::FigurePage", "SVG picture…"), "svg"_L1},
    FormatWords{FigurePage::Format::Pdf, QT_TRANSLATE_NOOP("evalwright::FigurePage", "PDF document…"), "pdf"_L1},
    FormatWords{FigurePage::Format::Csv, QT_TRANSLATE_NOOP("evalwright::FigurePage", "Numbers as CSV…"), "csv"_L1},
    FormatWords{FigurePage::Format::Json, QT_TRANSLATE_NOOP("evalwright::FigurePage", "Figure as JSON…"), "json"_L1},
};

/// A file name from a title: letters, digits and hyphens.
QString fileName(const QString &title)
{
    static const QRegularExpression others(u"[^\\p{L}\\p{N}]+"_s);
    QString name = title.left(80).toLower();
    name.replace(others, u"-"_s);
    while (name.startsWith(u'-'))
        name.remove(0, 1);
    while (name.endsWith(u'-'))
        name.chop(1);
    return name.isEmpty() ? u"figure"_s : name;
}

QLabel *plainLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

FigurePage::FigurePage(QWidget *parent)
    : QWidget(parent), m_title(plainLabel(this)), m_subtitle(plainLabel(this)), m_numbersButton(new QToolButton(this)),
      m_newer(new Banner(this)), m_message(new Banner(this)), m_plot(new FigurePlot(this)),
      m_numbers(new NumbersTable(this)), m_cards(new QVBoxLayout), m_editor(wordsEditor())
{
    m_title->setFont(Theme::font(Theme::Role::Title));
    setSecondary(m_subtitle);

    m_numbersButton->setText(tr("Show the numbers"));
    m_numbersButton->setCheckable(true);
    m_numbersButton->setToolTip(tr("The figure as a table"));
    auto *reset = new QToolButton(this);
    reset->setText(tr("Reset zoom"));
    reset->setToolTip(tr("Show everything again (double click in the figure)"));
    auto *edit = new QToolButton(this);
    edit->setText(tr("Edit words"));
    edit->setToolTip(tr("Write title and notes anew"));
    auto *copy = new QToolButton(this);
    copy->setText(tr("Copy image"));
    auto *exporter = new QToolButton(this);
    exporter->setText(tr("Export"));
    exporter->setPopupMode(QToolButton::InstantPopup);
    exporter->setMenu(exportMenu(exporter));
    for (QToolButton *button : {m_numbersButton, reset, edit, copy, exporter})
        button->setMinimumHeight(Theme::spacing(4));

    auto *head = new QHBoxLayout;
    head->setSpacing(Theme::spacing());
    head->addWidget(m_title, 1, Qt::AlignTop);
    for (QToolButton *button : {m_numbersButton, reset, edit, copy, exporter})
        head->addWidget(button, 0, Qt::AlignTop);

    m_plot->setMinimumHeight(Theme::spacing(45));
    m_numbers->hide();
    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    column->setSpacing(Theme::spacing());
    column->addLayout(head);
    column->addWidget(m_editor);
    column->addWidget(m_subtitle);
    column->addWidget(m_newer);
    column->addWidget(m_message);
    column->addWidget(m_plot, 3);
    column->addWidget(m_numbers, 2);
    column->addLayout(m_cards);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);

    connect(m_numbersButton, &QToolButton::toggled, this, &FigurePage::setNumbersVisible);
    connect(reset, &QToolButton::clicked, m_plot, &FigurePlot::resetZoom);
    connect(edit, &QToolButton::clicked, this, &FigurePage::editWords);
    connect(copy, &QToolButton::clicked, this, &FigurePage::copyImage);
    connect(m_plot, &FigurePlot::pointActivated, this, &FigurePage::pointActivated);
    connect(m_newer, &Banner::actionTriggered, this, &FigurePage::updateRequested);
}

void FigurePage::setFigure(const FigureSpec &spec)
{
    m_plot->setFigure(spec);
    m_numbersFilled = false;
    if (!m_numbers->isHidden())
        fillNumbers();
    m_message->hide();
    m_editor->hide();
    showWords();
}

void FigurePage::showWords()
{
    const FigureSpec &spec = figure();
    m_title->setText(withVisibleControls(spec.title));
    m_subtitle->setText(withVisibleControls(spec.subtitle));
    m_subtitle->setVisible(!spec.subtitle.isEmpty());
    setAccessibleName(spec.title);
    m_numbers->setAccessibleName(tr("Numbers of the figure %1").arg(spec.title));
    fillVerdictsAndNotes();
}

void FigurePage::fillNumbers()
{
    const FigureSpec::Table table = figure().table();
    m_numbers->setTable(table.header, table.rows);
    m_numbersFilled = true;
    if (table.left > 0)
        m_message->showMessage(Theme::Meaning::Warning,
                               tr("The table shows the first %1 of %2 rows. The CSV file has all.")
                                   .arg(QLocale().toString(table.rows.size()),
                                        QLocale().toString(table.rows.size() + table.left)));
}

QWidget *FigurePage::wordsEditor()
{
    auto *editor = new QWidget(this);
    m_titleEdit = new QLineEdit(editor);
    m_titleEdit->setAccessibleName(tr("Title of the figure"));
    m_titleEdit->setMaxLength(FigureLimits::textLength / 4);
    m_notesEdit = new QPlainTextEdit(editor);
    m_notesEdit->setAccessibleName(tr("Notes, one on each line"));
    m_notesEdit->setPlaceholderText(tr("Notes, one on each line"));
    m_notesEdit->setTabChangesFocus(true);
    m_notesEdit->setMaximumHeight(Theme::spacing(14));
    auto *keep = new QPushButton(tr("Use these words"), editor);
    auto *leave = new QPushButton(tr("Leave them as they are"), editor);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(keep);
    buttons->addWidget(leave);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(editor);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_titleEdit);
    layout->addWidget(m_notesEdit);
    layout->addLayout(buttons);
    connect(m_titleEdit, &QLineEdit::returnPressed, this, &FigurePage::keepWords);
    connect(keep, &QPushButton::clicked, this, &FigurePage::keepWords);
    connect(leave, &QPushButton::clicked, this, &FigurePage::leaveWords);
    editor->hide();
    return editor;
}

void FigurePage::editWords()
{
    m_titleEdit->setText(figure().title);
    m_notesEdit->setPlainText(figure().notes.join(u'\n'));
    m_editor->show();
    m_titleEdit->setFocus();
}

void FigurePage::leaveWords()
{
    m_editor->hide();
}

void FigurePage::keepWords()
{
    FigureSpec spec = figure();
    spec.title = m_titleEdit->text().trimmed();
    spec.notes.clear();
    for (const QString &line : m_notesEdit->toPlainText().split(u'\n')) {
        if (!line.trimmed().isEmpty() && spec.notes.size() < FigureLimits::notes)
            spec.notes << line.trimmed().left(FigureLimits::textLength / 4);
    }
    m_editor->hide();
    if (spec.title == figure().title && spec.notes == figure().notes)
        return;
    m_plot->setFigure(spec);
    showWords();
    Q_EMIT wordsEdited(spec);
}

FigureRendering FigurePage::rendering() const
{
    FigureRendering rendering = m_rendering;
    rendering.hidden = m_plot->hiddenSeries();
    return rendering;
}

QMenu *FigurePage::exportMenu(QWidget *parent)
{
    auto *menu = new QMenu(parent);
    for (const FormatWords &entry : formats)
        connect(menu->addAction(tr(entry.name)), &QAction::triggered, this,
                [this, format = entry.format] { askWhereToExport(format); });
    const auto choices = [&](const auto &list, const auto &choose) {
        menu->addSeparator();
        auto *group = new QActionGroup(menu);
        bool first = true;
        for (const auto &[value, name] : list) {
            QAction *action = group->addAction(menu->addAction(name));
            action->setCheckable(true);
            action->setChecked(first);
            first = false;
            connect(action, &QAction::triggered, this, [choose, chosen = value] { choose(chosen); });
        }
    };
    using Paper = FigureStyle::Paper;
    choices(std::array{std::pair(Paper::Print, tr("Pictures for print")), std::pair(Paper::Light, tr("Light pictures")),
                       std::pair(Paper::Dark, tr("Dark pictures"))},
            [this](Paper paper) { m_rendering.paper = paper; });
    using Use = FigureStyle::Use;
    choices(std::array{std::pair(Use::Free, tr("960 × 640 pixels")), std::pair(Use::Column, tr("One column, 85 mm")),
                       std::pair(Use::DoubleColumn, tr("Two columns, 170 mm")), std::pair(Use::Slide, tr("Slide, 16:9"))},
            [this](Use use) {
                const FigureRendering sized = FigureRendering::of(use);
                m_rendering.use = use;
                m_rendering.size = sized.size;
            });
    choices(std::array{std::pair(2.0, tr("PNG with 2 pixels per pixel")), std::pair(1.0, tr("PNG with 1 pixel per pixel")),
                       std::pair(4.0, tr("PNG with 4 pixels per pixel"))},
            [this](double scale) { m_rendering.pngScale = scale; });
    return menu;
}

const FigureSpec &FigurePage::figure() const
{
    return m_plot->figure();
}

void FigurePage::fillVerdictsAndNotes()
{
    while (QLayoutItem *item = m_cards->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    const FigureSpec &spec = figure();
    if (spec.verdict)
        m_cards->addWidget(new VerdictCard(*spec.verdict, {}, true, this));
    for (const FigureSeries &series : spec.series) {
        if (series.verdict)
            m_cards->addWidget(new VerdictCard(*series.verdict, series.name, spec.series.size() == 1, this));
    }
    const QStringList notes = spec.notes + automaticNotes(spec, m_plot->withoutPlace());
    if (notes.isEmpty())
        return;
    QLabel *text = plainLabel(this);
    setSecondary(text);
    text->setText(withVisibleControls(notes.join(u'\n')));
    text->setAccessibleName(tr("Notes"));
    m_cards->addWidget(text);
}

void FigurePage::setNewerResultsExist(bool exist)
{
    if (exist)
        m_newer->showMessage(Theme::Meaning::Warning, tr("Newer results exist than this figure shows."),
                             tr("Update the figure"));
    else
        m_newer->hide();
}

void FigurePage::setNumbersVisible(bool visible)
{
    if (visible && !m_numbersFilled)
        fillNumbers();
    m_numbers->setVisible(visible);
    m_numbersButton->setChecked(visible);
    m_numbersButton->setText(visible ? tr("Hide the numbers") : tr("Show the numbers"));
}

Status FigurePage::exportTo(const QString &path, Format format) const
{
    switch (format) {
    case Format::Csv:
        return writeWholeFile(path, figure().toCsv());
    case Format::Json:
        return writeWholeFile(path, QByteArray::fromStdString(figure().toJson().dump(2) + '\n'));
    case Format::Png:
    case Format::Svg:
    case Format::Pdf:
        break;
    }
    return renderFigure(figure(), path, rendering());
}

void FigurePage::askWhereToExport(Format format)
{
    const auto &words = *std::find_if(formats.begin(), formats.end(),
                                      [format](const FormatWords &entry) { return entry.format == format; });
    askWhereToSave(this, tr("Export the figure"), u"%1.%2"_s.arg(fileName(figure().title), words.ending),
                   u"*.%1"_s.arg(words.ending), [this, format](const QString &path) {
                       if (const Status done = exportTo(path, format); !done)
                           showError(done.error());
                       else
                           m_message->showMessage(Theme::Meaning::Success, tr("Written: %1").arg(path));
                   });
}

void FigurePage::copyImage() const
{
    QGuiApplication::clipboard()->setImage(figureImage(figure(), rendering()));
}

void FigurePage::showError(const Error &error)
{
    m_message->showError(error);
}

} // namespace evalwright
