// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/catalogue.h"

#include "core/text.h"

#include <QFile>
#include <QRegularExpression>

#include <nlohmann/json.hpp>

// A static library's resources are dropped by the linker unless someone asks for them; the macro must be used
// outside of any namespace.
static void initialiseEngineResources()
{
    Q_INIT_RESOURCE(engine);
}

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QByteArray resource(const QString &name)
{
    initialiseEngineResources();
    QFile file(u":/evalwright/engine/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Reads the fields of one JSON object and remembers the first complaint, so that a record is read in a few lines.
class Fields
{
public:
    Fields(const json &object, QString where) : m_object(object), m_where(std::move(where))
    {
        if (!object.is_object())
            complain(u"is not an object"_s);
    }

    QString text(const char *key, QStringView pattern = u".+")
    {
        const json *value = find(key);
        if (!value || !value->is_string()) {
            complain(u"needs the text \"%1\""_s.arg(QLatin1StringView(key)));
            return {};
        }
        auto result = QString::fromStdString(value->get_ref<const std::string &>());
        static const auto options = QRegularExpression::DotMatchesEverythingOption;
        if (!QRegularExpression(QRegularExpression::anchoredPattern(pattern), options).match(result).hasMatch())
            complain(u"has a \"%1\" that cannot be used: %2"_s.arg(QLatin1StringView(key), result.left(80)));
        return result;
    }

    QString optionalText(const char *key) { return find(key) ? text(key) : QString(); }

    qint64 positive(const char *key)
    {
        const json *value = find(key);
        if (!value || !value->is_number_integer() || value->get<qint64>() <= 0) {
            complain(u"needs the positive number \"%1\""_s.arg(QLatin1StringView(key)));
            return 0;
        }
        return value->get<qint64>();
    }

    bool flag(const char *key)
    {
        const json *value = find(key);
        if (value && !value->is_boolean())
            complain(u"has a \"%1\" that is neither true nor false"_s.arg(QLatin1StringView(key)));
        return value && value->is_boolean() && value->get<bool>();
    }

    /// The elements of an array; empty with a complaint when missing.
    const json &list(const char *key)
    {
        static const json none = json::array();
        const json *value = find(key);
        if (!value || !value->is_array() || value->empty()) {
            complain(u"needs the list \"%1\""_s.arg(QLatin1StringView(key)));
            return none;
        }
        return *value;
    }

    const QString &where() const { return m_where; }
    const QString &problem() const { return m_problem; }
    void complain(const QString &what)
    {
        if (m_problem.isEmpty())
            m_problem = u"%1 %2."_s.arg(m_where, what);
    }

private:
    const json *find(const char *key) const
    {
        if (!m_object.is_object())
            return nullptr;
        const auto found = m_object.find(key);
        return found == m_object.end() ? nullptr : &*found;
    }

    const json &m_object;
    QString m_where, m_problem;
};

// Names become command arguments and paths, so they start with a letter or digit and hold no separator.
constexpr QStringView packagePattern = u"[A-Za-z0-9][A-Za-z0-9._-]*";
constexpr QStringView namePattern = u"[a-z0-9][a-z0-9._-]*";
constexpr QStringView hashPattern = u"[0-9a-f]{64}";
constexpr QStringView memberPattern = u"(?!.*(^|/)\\.\\.?(/|$))[A-Za-z0-9_][A-Za-z0-9._/-]*";

Result<CataloguePart> readPart(const json &object, const QString &where)
{
    Fields fields(object, where);
    CataloguePart part;
    part.package = fields.text("package", packagePattern);
    part.version = fields.text("version", packagePattern);
    part.wheelBytes = fields.positive("wheelBytes");
    part.wheelSha256 = fields.text("wheelSha256", hashPattern);
    part.member = fields.text("member", memberPattern);
    part.memberBytes = fields.positive("memberBytes");
    if (!fields.problem().isEmpty())
        return failure(ErrorCode::Parse, fields.problem());
    return part;
}

Result<CatalogueModel> readModel(const json &object, const QString &where)
{
    Fields fields(object, where);
    CatalogueModel model;
    model.name = fields.text("name", namePattern);
    model.title = fields.text("title");
    model.family = fields.text("family");
    model.parameters = fields.positive("parameters");
    model.training = fields.text("training", u"base|instruct|rlhf");
    model.licence = fields.text("licence");
    model.licenceUrl = fields.text("licenceUrl", u"https://.+");
    model.licenceNotice = fields.text("licenceNotice");
    model.termsMustBeAccepted = fields.flag("termsMustBeAccepted");
    model.note = fields.optionalText("note");
    model.ggufSha256 = fields.text("ggufSha256", hashPattern);
    model.bytes = fields.positive("bytes");
    qint64 sum = 0;
    int number = 0;
    for (const json &entry : fields.list("parts")) {
        EVALWRIGHT_ASSIGN(CataloguePart part, readPart(entry, u"%1, part %2"_s.arg(where).arg(++number)));
        sum += part.memberBytes;
        model.parts.append(std::move(part));
    }
    if (fields.problem().isEmpty() && sum != model.bytes)
        fields.complain(u"says %1 bytes, but its parts have %2"_s.arg(model.bytes).arg(sum));
    if (!fields.problem().isEmpty())
        return failure(ErrorCode::Parse, fields.problem());
    return model;
}

Result<EnginePin> readEngine(const json &object, const QString &where)
{
    Fields fields(object, where);
    EnginePin engine;
    engine.package = fields.text("package", packagePattern);
    engine.version = fields.text("version", packagePattern);
    engine.licence = fields.text("licence");
    engine.machine = fields.text("machine");
    engine.python = fields.text("python", u"\\d+\\.\\d+");
    engine.wheelBytes = fields.positive("wheelBytes");
    engine.wheelSha256 = fields.text("wheelSha256", hashPattern);
    for (const json &entry : fields.list("files")) {
        Fields file(entry, where + u", a file"_s);
        engine.files.append(
            {file.text("member", memberPattern), file.positive("bytes"), file.text("sha256", hashPattern)});
        if (!file.problem().isEmpty())
            return failure(ErrorCode::Parse, file.problem());
    }
    if (!fields.problem().isEmpty())
        return failure(ErrorCode::Parse, fields.problem());
    return engine;
}

} // namespace

qint64 CatalogueModel::downloadBytes() const
{
    qint64 sum = 0;
    for (const CataloguePart &part : parts)
        sum += part.wheelBytes;
    return sum;
}

Result<Catalogue> Catalogue::fromJson(const QByteArray &text, const QString &source)
{
    const auto advice = u"Correct the file or remove it."_s;
    const json document = json::parse(text.begin(), text.end(), nullptr, false);
    if (document.is_discarded() || !document.is_object())
        return failure(ErrorCode::Parse, u"%1 is not a JSON object."_s.arg(source), advice);
    Fields fields(document, source);
    if (fields.positive("version") != 1)
        return failure(ErrorCode::Unsupported, u"%1 is a catalogue of another version."_s.arg(source),
                       u"Update the program, or write \"version\": 1."_s);
    Catalogue catalogue;
    if (document.contains("engine")) {
        EVALWRIGHT_ASSIGN(catalogue.engine, readEngine(document["engine"], source + u": the engine"_s));
    }
    int number = 0;
    for (const json &entry : fields.list("models")) {
        auto model = readModel(entry, u"%1: model %2"_s.arg(source).arg(++number));
        if (!model) {
            model.error().advice = advice;
            return failure(std::move(model).error());
        }
        for (const CatalogueModel &other : catalogue.models)
            if (other.name == model->name)
                return failure(ErrorCode::Parse, u"%1 has the model %2 twice."_s.arg(source, model->name), advice);
        catalogue.models.append(std::move(*model));
    }
    if (!fields.problem().isEmpty())
        return failure(ErrorCode::Parse, fields.problem(), advice);
    catalogue.defaultModel = fields.optionalText("defaultModel");
    return catalogue;
}

Result<Catalogue> Catalogue::load(const QString &userFile)
{
    EVALWRIGHT_ASSIGN(Catalogue catalogue, fromJson(resource(u"catalogue.json"_s), u"The built-in catalogue"_s));
    if (catalogue.engine.package.isEmpty() || !catalogue.model(catalogue.defaultModel))
        return failure(ErrorCode::Corrupt, u"The built-in catalogue has no engine or no default model."_s,
                       u"Build the program again."_s);
    if (userFile.isEmpty() || !QFile::exists(userFile))
        return catalogue;

    QFile file(userFile);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Storage, u"The catalogue %1 cannot be read."_s.arg(userFile), QString(),
                       file.errorString());
    EVALWRIGHT_ASSIGN(const Catalogue added, fromJson(file.readAll(), userFile));
    for (const CatalogueModel &model : added.models) {
        if (catalogue.model(model.name))
            return failure(ErrorCode::AlreadyExists,
                           u"%1 names the model %2, which exists already."_s.arg(userFile, model.name),
                           u"Give it another name in that file."_s);
        catalogue.models.append(model);
    }
    return catalogue;
}

Result<CatalogueModel> Catalogue::model(const QString &name) const
{
    QStringList names;
    for (const CatalogueModel &candidate : models) {
        if (candidate.name == name)
            return candidate;
        names.append(candidate.name);
    }
    QStringList near = nearestNames(name, names);
    return failure(Error(ErrorCode::NotFound, u"The catalogue has no model \"%1\"."_s.arg(name),
                         u"Known models: %1."_s.arg(names.join(u", "_s)))
                       .withSuggestions(std::move(near)));
}

QByteArray engineRunnerScript()
{
    return resource(u"serve.py"_s);
}

} // namespace evalwright
