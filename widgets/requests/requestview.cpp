// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/requests/requestview.h"

#include "core/onfinished.h"
#include "widgets/activity/requestwords.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/inspector/provenancereport.h"
#include "widgets/requests/requestmodel.h"
#include "widgets/requests/requesttext.h"
#include "widgets/shell/emptystate.h"
#include "widgets/shell/relativetime.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QLabel *plainLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QString secondsText(double seconds)
{
    return RequestView::tr("%1 s").arg(QLocale().toString(seconds, 'f', 2));
}

/// Who asked first, of an answer that was there already.
QString fromStoreText(const RequestDetail &detail)
{
    const QString at = exactTime(detail.row.receivedAt);
    if (!detail.origin || !detail.origin->job.isValid())
        return RequestView::tr("from cache, first asked on %1").arg(at);
    if (detail.origin->job == detail.job)
        return RequestView::tr("shared with an equal request of this job, asked on %1").arg(at);
    return RequestView::tr("from cache, first asked on %1 by job %2, “%3”")
        .arg(at)
        .arg(detail.origin->job.value)
        .arg(singleLine(detail.origin->jobTitle, 80));
}

QString aboutText(const RequestDetail &detail)
{
    const RequestRow &row = detail.row;
    const QLocale locale;
    QStringList parts;
    if (!row.model.isEmpty())
        parts << singleLine(row.model, 120);
    if (row.response.isValid()) {
        parts << RequestView::tr("status %1").arg(row.status) << secondsText(row.seconds);
        if (row.promptTokens || row.completionTokens)
            parts << RequestView::tr("tokens: %1 in, %2 out")
                         .arg(row.promptTokens ? locale.toString(*row.promptTokens) : u"?"_s,
                              row.completionTokens ? locale.toString(*row.completionTokens) : u"?"_s);
        parts << RequestView::tr("tries: %1").arg(row.attempts);
        if (row.resent > 0)
            parts << RequestView::tr("sent again %1 × by the HTTP library, perhaps charged each time").arg(row.resent);
        parts << RequestView::tr("cost: %1").arg(costText(row));
        parts << (row.fromStore ? fromStoreText(detail) : exactTime(row.receivedAt));
    }
    return parts.join(u" · "_s);
}

} // namespace

RequestView::RequestView(QWidget *parent)
    : QWidget(parent), m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(tr("No request chosen"), tr("Choose a request to see what was sent and what came back."))),
      m_banner(new Banner(this)), m_title(plainLabel(this)), m_about(plainLabel(this)), m_error(plainLabel(this)),
      m_tabs(new QTabWidget(this)), m_bytes(new QToolButton(this))
{
    setAccessibleName(tr("The chosen request"));
    m_title->setFont(Theme::font(Theme::Role::Heading));
    setSecondary(m_about);
    m_error->setObjectName(u"error"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Texts of the request"));
    m_bytes->setText(tr("Exact bytes"));
    m_bytes->setToolTip(tr("Show the answer byte by byte, as it arrived"));
    m_bytes->setCheckable(true);
    m_bytes->setObjectName(u"bytes"_s);
    addPage(m_prompt, tr("Prompt"), tr("Copy the prompt"));
    addPage(m_request, tr("Request"), tr("Copy the request as it was sent"));
    addPage(m_answer, tr("Answer"), tr("Copy the answer as it is stored"), m_bytes);
    addPage(m_tries, tr("Failed tries"), tr("Copy what is left of the failed tries"));

    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::spacing() / 2);
    column->addWidget(m_title);
    column->addWidget(m_about);
    column->addWidget(m_error);
    column->addWidget(m_tabs, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    connect(m_bytes, &QToolButton::toggled, this, &RequestView::showAnswer);
}

void RequestView::addPage(Page &page, const QString &name, const QString &copyName, QWidget *extra)
{
    auto *content = new QWidget;
    page.view = new QPlainTextEdit(content);
    page.view->setReadOnly(true);
    page.view->setFont(Theme::font(Theme::Role::Mono));
    page.view->setTabChangesFocus(true);
    page.view->setAccessibleName(name);
    page.copy = new QToolButton(content);
    page.copy->setText(tr("Copy"));
    page.copy->setToolTip(copyName);
    page.copy->setAccessibleName(copyName);
    connect(page.copy, &QToolButton::clicked, this, [&page] { QGuiApplication::clipboard()->setText(page.exact); });
    auto *row = new QHBoxLayout;
    row->addStretch();
    if (extra)
        row->addWidget(extra);
    row->addWidget(page.copy);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, Theme::spacing() / 2, 0, 0);
    column->setSpacing(Theme::spacing() / 2);
    column->addLayout(row);
    column->addWidget(page.view, 1);
    m_tabs->addTab(content, name);
}

RequestView::Shown RequestView::prepare(const RequestDetail &detail)
{
    Shown shown;
    shown.detail = detail;
    if (detail.request) {
        shown.request = *detail.request;
        shown.prompt = promptText(shown.request);
        shown.requestView = viewText(indentedBody(shown.request.toUtf8()));
    }
    shown.answerView = viewText(indentedBody(detail.body));
    return shown;
}

void RequestView::showStep(const std::shared_ptr<Project> &project, StepId step)
{
    const bool same = step == m_step;
    m_step = step;
    ++m_turn;
    m_banner->hide();
    if (!project || !step.isValid()) {
        m_stack->setCurrentIndex(0);
        return;
    }
    if (!same)
        m_bytes->setChecked(false);
    onFinished(project->read([step](Connection &c) -> Result<Shown> {
        EVALWRIGHT_ASSIGN(const RequestDetail detail, requestDetail(c, step));
        return prepare(detail);
    }),
               this, [this, project, turn = m_turn](const Result<Shown> &shown) {
                   if (turn != m_turn)
                       return;
                   if (shown) {
                       show(*shown);
                       readTries(project);
                   } else {
                       m_stack->setCurrentIndex(0);
                       m_banner->showError(shown.error());
                   }
                   Q_EMIT loaded();
               });
}

void RequestView::show(const Shown &shown)
{
    m_shown = shown;
    const RequestRow &row = shown.detail.row;
    m_stack->setCurrentIndex(1);
    m_tabs->setTabText(m_tabs->count() - 1, tr("Failed tries"));
    m_title->setText(
        tr("%1 %2: %3").arg(stageText(row.place.stage), QLocale().toString(row.place.ordinal), requestStateText(row)));
    m_about->setText(aboutText(shown.detail));
    m_about->setVisible(!m_about->text().isEmpty());
    m_error->setText(withVisibleControls(row.error.left(4000)));
    m_error->setVisible(!row.error.isEmpty());
    const QString notStored = row.state == "planned"_L1
                                  ? tr("Not asked yet. A request is stored together with what came back.")
                              : row.state == "done"_L1
                                  ? tr("Removed from the store together with its answer.")
                                  : tr("Nothing came back, so the request was not stored.");
    set(m_prompt, shown.prompt, viewText(shown.prompt), notStored);
    set(m_request, shown.request, shown.requestView, notStored);
    showAnswer();
    set(m_tries, {}, {}, tr("Looking for what is left of failed tries …"));
}

bool RequestView::shows(const RequestRow &row) const
{
    const RequestRow &shown = m_shown.detail.row;
    return row.step == m_step && (shown.step != m_step || (shown.state == row.state && shown.response == row.response));
}

void RequestView::showAnswer()
{
    const QByteArray &body = m_shown.detail.body;
    const QString nothing =
        m_shown.detail.row.response.isValid() ? tr("The answer is empty.") : tr("There is no answer.");
    if (m_bytes->isChecked()) {
        const QString dump = hexDump(body);
        set(m_answer, dump, dump, nothing);
    } else {
        set(m_answer, QString::fromUtf8(body), m_shown.answerView, nothing);
    }
    m_bytes->setEnabled(!body.isEmpty());
}

void RequestView::readTries(const std::shared_ptr<Project> &project)
{
    // Apart from the rest: it goes through all answers, and nobody should wait for it.
    onFinished(project->read([key = m_shown.detail.key](Connection &c) { return failedTries(c, key); }), this,
               [this, turn = m_turn](const Result<FailedTries> &tries) {
                   if (turn != m_turn)
                       return;
                   if (tries)
                       showTries(*tries);
                   else
                       m_banner->showError(tries.error());
                   Q_EMIT triesLoaded();
               });
}

void RequestView::showTries(const FailedTries &tries)
{
    QString text;
    for (const FailedTry &each : tries.tries) {
        if (!text.isEmpty())
            text += u"\n\n"_s;
        text += tr("Try %1 · status %2 · %3 · %4")
                    .arg(each.attempt)
                    .arg(each.status)
                    .arg(secondsText(each.seconds), exactTime(each.receivedAt)) +
                u'\n' + (each.start.isEmpty() ? tr("(nothing came with the status)") : QString::fromUtf8(each.start));
    }
    m_tabs->setTabText(m_tabs->count() - 1, tries.tries.isEmpty()
                                                ? tr("Failed tries")
                                                : tr("Failed tries (%1)").arg(QLocale().toString(tries.tries.size())));
    set(m_tries, text, viewText(text),
        m_shown.detail.row.attempts > 1 ? tr("Earlier tries failed and brought nothing that could be kept.")
                                        : tr("No failed try of this request left anything."));
    if (m_shown.detail.request || !tries.request)
        return;
    // Without an answer the request is known from what the failed tries left.
    const QString prompt = promptText(*tries.request);
    set(m_prompt, prompt, viewText(prompt), {});
    set(m_request, *tries.request, viewText(indentedBody(tries.request->toUtf8())), {});
}

void RequestView::set(Page &page, const QString &exact, const QString &viewed, const QString &placeholder)
{
    page.exact = exact;
    page.copy->setEnabled(!exact.isEmpty());
    page.view->setPlaceholderText(placeholder);
    if (page.view->toPlainText() != viewed)
        page.view->setPlainText(viewed);
}

} // namespace evalwright
