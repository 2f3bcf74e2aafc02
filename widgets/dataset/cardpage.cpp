// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/cardpage.h"

#include "core/onfinished.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/wholefile.h"
#include "widgets/dataset/usuallicences.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QCompleter>
#include <QEvent>
#include <QFileDialog>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBrowser>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextTable>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int pauseMilliseconds = 300;

/// Shows text that models and files wrote: nothing is loaded, and no link leads anywhere.
class Preview : public QTextBrowser
{
public:
    Preview() { setOpenLinks(false); }
    QVariant loadResource(int, const QUrl &) override { return {}; }
};

/// Markdown without HTML in it.
const QTextDocument::MarkdownFeatures harmless =
    QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub) | QTextDocument::MarkdownNoHTML;

/// Tables with room around their cells.
void showMarkdown(QTextDocument &document, const QString &markdown)
{
    document.setMarkdown(markdown, harmless);
    document.setDocumentMargin(Theme::spacing(2));
    for (QTextFrame *frame : document.rootFrame()->childFrames()) {
        auto *table = qobject_cast<QTextTable *>(frame);
        if (!table)
            continue;
        QTextTableFormat format = table->format();
        format.setCellPadding(Theme::spacing() / 2.0);
        format.setCellSpacing(0);
        format.setBorderCollapse(true);
        format.setTopMargin(Theme::spacing());
        format.setBottomMargin(Theme::spacing());
        table->setFormat(format);
    }
}

} // namespace

CardPage::CardPage(std::shared_ptr<Project> project, DatasetId dataset, const QString &name, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_name(name), m_banner(new Banner),
      m_licence(new QLineEdit), m_authors(new QLineEdit), m_citation(new QLineEdit), m_limits(new QPlainTextEdit),
      m_keep(new QPushButton(tr("&Keep these texts"))), m_save(new QPushButton(tr("&Save the card …"))),
      m_copy(new QPushButton(tr("&Copy"))), m_preview(new Preview)
{
    m_licence->setPlaceholderText(tr("SPDX identifier, such as CC-BY-4.0"));
    m_licence->setMaxLength(200);
    auto *completer = new QCompleter(usualLicences(), m_licence);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_licence->setCompleter(completer);
    m_authors->setPlaceholderText(tr("as they want to be named"));
    m_citation->setPlaceholderText(tr("how to cite the data set"));
    m_limits->setPlaceholderText(tr("what whoever uses it should know, beside what the project knows"));
    m_limits->setTabChangesFocus(true);
    m_limits->setMaximumHeight(5 * fontMetrics().height());
    m_preview->setAccessibleName(tr("Card"));
    setPrimary(m_save);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->addRow(tr("&Licence"), m_licence);
    form->addRow(tr("&Authors"), m_authors);
    form->addRow(tr("C&itation"), m_citation);
    form->addRow(tr("Li&mits"), m_limits);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_keep);
    buttons->addStretch();
    auto *exports = new QPushButton(tr("&Export the data set …"));
    buttons->addWidget(exports);
    buttons->addWidget(m_copy);
    buttons->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(3));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addLayout(form);
    layout->addLayout(buttons);
    layout->addWidget(m_preview, 1);
    for (QLineEdit *line : {m_licence, m_authors, m_citation})
        connect(line, &QLineEdit::textChanged, this, &CardPage::refresh);
    connect(m_limits, &QPlainTextEdit::textChanged, this, &CardPage::refresh);
    connect(m_keep, &QPushButton::clicked, this, &CardPage::keepTexts);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_markdown); });
    connect(m_save, &QPushButton::clicked, this, &CardPage::choosePath);
    connect(exports, &QPushButton::clicked, this, &CardPage::exportRequested);
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (topic != Topic::Reviews && topic != Topic::Candidates && topic != Topic::Datasets)
            return;
        m_stale = true;
        m_pause.start();
    });
    // A running job changes candidates many times a second, and all reviews are read for a card.
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMilliseconds);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_stale && isVisible())
            read();
    });
    refresh();
}

CardPage::~CardPage()
{
    m_token.cancel();
}

void CardPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        read();
}

void CardPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_markdown.isEmpty()) // Colours of code are the document's own.
        showMarkdown(*m_preview->document(), m_markdown);
}

void CardPage::read()
{
    m_stale = false;
    m_token.cancel();
    m_token = CancellationToken();
    const quint64 generation = ++m_generation;
    onFinished(m_project->read([dataset = m_dataset, token = m_token](Connection &c) { return readDatasetCard(c, dataset, token); }),
               this, [this, generation](const Result<DatasetCard> &card) {
                   if (generation != m_generation)
                       return;
                   if (!card)
                       return m_banner->showError(card.error());
                   showCard(*card);
                   Q_EMIT shown();
               });
}

void CardPage::showCard(const DatasetCard &card)
{
    // What somebody is typing stays.
    if (texts() == m_stored) {
        m_stored = card.texts;
        m_licence->setText(card.texts.licence);
        m_authors->setText(card.texts.authors);
        m_citation->setText(card.texts.citation);
        m_limits->setPlainText(card.texts.limits);
    } else {
        m_stored = card.texts;
    }
    m_markdown = card.markdown();
    const int at = m_preview->verticalScrollBar()->value();
    showMarkdown(*m_preview->document(), m_markdown);
    m_preview->verticalScrollBar()->setValue(at);
    refresh();
}

CardTexts CardPage::texts() const
{
    return {m_licence->text().trimmed(), m_authors->text().trimmed(), m_citation->text().trimmed(), m_limits->toPlainText().trimmed()};
}

void CardPage::refresh()
{
    m_keep->setEnabled(m_project->access() == Project::Access::ReadWrite && texts() != m_stored);
    m_save->setEnabled(!m_markdown.isEmpty());
    m_copy->setEnabled(!m_markdown.isEmpty());
}

void CardPage::keepTexts()
{
    m_keep->setEnabled(false);
    const CardTexts kept = texts();
    onFinished(m_project->write([dataset = m_dataset, kept](Connection &c) { return storeCardTexts(c, dataset, kept); }, {Topic::Datasets}),
               this, [this, kept](const Status &stored) {
                   if (!stored)
                       m_banner->showError(stored.error());
                   else
                       m_stored = kept;
                   refresh();
               });
}

void CardPage::choosePath()
{
    auto *dialog = new QFileDialog(this, tr("Save the card"), m_name + u".md"_s, tr("Markdown (*.md)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"md"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &CardPage::saveTo);
    dialog->open();
}

void CardPage::saveTo(const QString &path)
{
    onFinished(QtConcurrent::run([path, project = m_project->path(), text = m_markdown.toUtf8()]() -> Status {
        EVALWRIGHT_TRY(mayWriteFile(path, project, true));
        return writeWholeFile(path, text, true);
    }),
               this, [this, path](const Status &written) {
                   if (written)
                       m_banner->showMessage(Theme::Meaning::Success, tr("The card is in %1.").arg(path));
                   else
                       m_banner->showError(written.error());
                   Q_EMIT saved();
               });
}

} // namespace evalwright
