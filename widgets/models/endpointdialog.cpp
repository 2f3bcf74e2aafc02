// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/endpointdialog.h"

#include "core/text.h"

#include "lm/plainhttp.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Unset for an empty field, NaN for one that is not a price.
std::optional<double> price(const QLineEdit *field)
{
    const QString text = field->text().trimmed();
    if (text.isEmpty())
        return std::nullopt;
    bool ok = false;
    const double value = QLocale::c().toDouble(text, &ok);
    return ok && value >= 0 ? value : qQNaN();
}

} // namespace

EndpointDialog::EndpointDialog(QWidget *parent)
    : QDialog(parent), m_name(new QLineEdit), m_url(new QLineEdit), m_model(new QLineEdit), m_keyEnv(new QLineEdit),
      m_family(new QLineEdit), m_parameters(new QLineEdit), m_priceIn(new QLineEdit), m_priceOut(new QLineEdit),
      m_api(new QComboBox), m_training(new QComboBox),
      m_plainHttp(new QCheckBox(tr("Send the key without encryption"))), m_problem(new QLabel),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel))
{
    setWindowTitle(tr("Add a model on a server"));
    setMinimumWidth(560);
    m_url->setPlaceholderText(u"https://api.example.org/v1"_s);
    m_model->setPlaceholderText(tr("as the server calls it"));
    m_keyEnv->setPlaceholderText(tr("e.g. EXAMPLE_API_KEY; empty when no key is needed"));
    m_family->setPlaceholderText(tr("models of one family form a scaling curve"));
    m_parameters->setPlaceholderText(tr("e.g. 7B; empty when not published"));
    m_priceIn->setPlaceholderText(tr("per million tokens; empty when unknown"));
    m_priceOut->setPlaceholderText(tr("per million tokens; empty when unknown"));
    m_api->addItem(tr("OpenAI-compatible"), u"openai"_s);
    m_api->addItem(tr("llama.cpp server"), u"llama.cpp"_s);
    m_api->addItem(tr("Anthropic Messages"), u"anthropic"_s);
    m_api->addItem(tr("Ollama"), u"ollama"_s);
    m_training->addItem(tr("not known"), QString());
    m_training->addItem(tr("base"), u"base"_s);
    m_training->addItem(tr("instruction-tuned"), u"instruct"_s);
    m_training->addItem(tr("RLHF"), u"rlhf"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    setSecondary(m_problem);

    auto *form = new QFormLayout;
    form->setVerticalSpacing(Theme::spacing());
    form->setHorizontalSpacing(Theme::spacing(2));
    form->addRow(tr("&Name in this project"), m_name);
    form->addRow(tr("&Address"), m_url);
    form->addRow(tr("A&PI"), m_api);
    form->addRow(tr("&Model"), m_model);
    form->addRow(tr("&Key from the variable"), m_keyEnv);
    form->addRow(tr("&Family"), m_family);
    form->addRow(tr("Pa&rameters"), m_parameters);
    form->addRow(tr("&Training"), m_training);
    form->addRow(tr("Price &in"), m_priceIn);
    form->addRow(tr("Price &out"), m_priceOut);
    m_plainHttp->setToolTip(tr("This computer remembers it for this server. Better: an https address, or a tunnel."));
    m_plainHttp->hide();
    auto *addButton = m_buttons->addButton(tr("Add"), QDialogButtonBox::AcceptRole);
    setPrimary(addButton);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(form);
    layout->addWidget(m_plainHttp); // Not a row of the form: hidden rows are no good in Qt 6.4.
    layout->addWidget(m_problem);
    layout->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QLineEdit *field : {m_name, m_url, m_model, m_keyEnv, m_parameters, m_priceIn, m_priceOut})
        connect(field, &QLineEdit::textChanged, this, &EndpointDialog::check);
    connect(m_plainHttp, &QCheckBox::toggled, this, &EndpointDialog::check);
    check();
}

void EndpointDialog::check()
{
    const bool isOpen = !m_keyEnv->text().trimmed().isEmpty() && isReadableOnTheWay(m_url->text().trimmed());
    m_plainHttp->setVisible(isOpen);
    const QUrl url(m_url->text().trimmed(), QUrl::StrictMode);
    QString problem;
    if (m_name->text().trimmed().isEmpty())
        problem = tr("Give the model a name.");
    else if (!url.isValid() || url.host().isEmpty() || (url.scheme() != u"http"_s && url.scheme() != u"https"_s))
        problem = tr("The address is a web address up to the version, such as https://api.example.org/v1.");
    else if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment())
        problem = tr("The address must not hold a key or parameters: they would be stored in the project.");
    else if (m_model->text().trimmed().isEmpty())
        problem = tr("Say which model to ask for, as the server calls it.");
    else if (!m_parameters->text().trimmed().isEmpty() && !parametersFromText(m_parameters->text()))
        problem = tr("Parameters are a number such as 135M, 7B or 1.5e9.");
    else if (qIsNaN(price(m_priceIn).value_or(0)) || qIsNaN(price(m_priceOut).value_or(0)))
        problem = tr("A price is a number such as 0.15.");
    else if (isOpen && !m_plainHttp->isChecked())
        m_problem->setText(tr("By plain http the key could be read on the way, so nothing will be sent until that is "
                              "allowed. An https address or a tunnel to this computer needs no permission."));
    else if (const QString key = m_keyEnv->text().trimmed();
             !key.isEmpty() && qEnvironmentVariableIsEmpty(key.toUtf8().constData()))
        m_problem->setText(tr("The variable %1 is not set in this session; requests will fail until it is.").arg(key));
    else
        m_problem->clear();
    if (!problem.isEmpty())
        m_problem->setText(problem);
    m_buttons->buttons().constFirst()->setEnabled(true);
    for (QAbstractButton *button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole)
            button->setEnabled(problem.isEmpty());
    }
}

bool EndpointDialog::allowsPlainHttp() const
{
    return m_plainHttp->isVisibleTo(this) && m_plainHttp->isChecked();
}

Model EndpointDialog::model() const
{
    Model model;
    model.name = m_name->text().trimmed();
    model.kind = ModelKind::Endpoint;
    model.baseUrl = m_url->text().trimmed();
    while (model.baseUrl.endsWith(u'/'))
        model.baseUrl.chop(1);
    model.api = m_api->currentData().toString();
    model.modelId = m_model->text().trimmed();
    model.keyEnv = m_keyEnv->text().trimmed();
    model.family = m_family->text().trimmed();
    model.parameters = parametersFromText(m_parameters->text());
    model.training = m_training->currentData().toString();
    model.priceIn = price(m_priceIn);
    model.priceOut = price(m_priceOut);
    return model;
}

} // namespace evalwright
