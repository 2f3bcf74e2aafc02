// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/sealedzip.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/hmac.h"
#include "storage/exchange/ziparchive.h"

#include <QRegularExpression>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString manifestName = u"manifest.json"_s, sealName = u"seal.json"_s;
constexpr qint64 mostManifestBytes = qint64{1} << 20;
constexpr qsizetype longestLine = qsizetype{16} << 20;

tl::unexpected<Error> corrupt(const QString &path, const QString &what)
{
    return failure(Error(ErrorCode::Corrupt, u"“%1” %2."_s.arg(path, what), u"Get the file again from where it came."_s)
                       .withConsequence(u"Nothing of it was used."_s));
}

tl::unexpected<Error> unsigned_(const QString &path, const QString &member, const QString &what)
{
    return failure(Error(ErrorCode::HashMismatch, u"“%1” in “%2” %3."_s.arg(member.left(120), path, what),
                         u"Get the file again from where it came."_s, u"signature"_s)
                       .withConsequence(u"The file was changed or damaged on its way. Nothing of it was used."_s));
}

Result<QByteArray> readMember(const ZipArchive &archive, const QString &path, const QString &name)
{
    for (const ZipArchive::Member &member : archive.members()) {
        if (member.name == name)
            return archive.read(member);
    }
    return corrupt(path, u"has no member “%1”"_s.arg(name.left(120)));
}

/// The version that the file says it has; 0: another format.
int versionOf(const json &manifest, const QString &format)
{
    const QString said = textIn(manifest, "format");
    static const QRegularExpression number(u"\\A[1-9][0-9]{0,5}\\z"_s);
    const QString version = said.mid(format.size() + 1);
    return said.startsWith(format + u'/') && number.match(version).hasMatch() ? version.toInt() : 0;
}

} // namespace

QString textIn(const json &object, const char *name)
{
    const json &part = partOf(object, name);
    return part.is_string() ? QString::fromStdString(part.get_ref<const std::string &>()) : QString();
}

qint64 wholeIn(const json &object, const char *name)
{
    const json &part = partOf(object, name);
    return part.is_number_integer() ? part.get<qint64>() : -1;
}

const json &partOf(const json &object, const char *name)
{
    static const json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

bool isContentHash(const QString &text)
{
    static const QRegularExpression form(u"\\Asha256:[0-9a-f]{64}\\z"_s);
    return form.match(text).hasMatch();
}

bool isUuid(const QString &text)
{
    static const QRegularExpression form(u"\\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\z"_s);
    return form.match(text).hasMatch();
}

json Seal::toJson() const
{
    json made{{"manifest_sha256", manifestSha256.toStdString()}};
    if (!hmac.isEmpty()) {
        made["hmac"] = hmac.toStdString();
        made["alg"] = "HMAC-SHA256";
    }
    return made;
}

Result<Seal> Seal::fromJson(const json &document)
{
    static const QRegularExpression hex(u"\\A[0-9a-f]{64}\\z"_s);
    const Seal seal{textIn(document, "manifest_sha256"), textIn(document, "hmac")};
    if (!hex.match(seal.manifestSha256).hasMatch() || (!seal.hmac.isEmpty() && !hex.match(seal.hmac).hasMatch()))
        return failure(ErrorCode::Corrupt, u"The seal is not well formed."_s,
                       u"Get the file again from where it came."_s);
    return seal;
}

Result<SealedZip> readSealedZip(const QString &path, const QString &format, const QStringList &names)
{
    // What says how large the rest is must be small itself.
    const ZipLimits small{64, mostManifestBytes, 500, mostManifestBytes};
    EVALWRIGHT_ASSIGN(const auto head, ZipArchive::open(path, small));
    QStringList there;
    for (const ZipArchive::Member &member : head->members()) {
        if (there.contains(member.name))
            return corrupt(path, u"has two members “%1”"_s.arg(member.name.left(120)));
        there << member.name;
    }
    EVALWRIGHT_ASSIGN(const QByteArray manifestBytes, readMember(*head, path, manifestName));
    SealedZip out;
    out.manifest = parseForeignJson(manifestBytes);
    const int version = versionOf(out.manifest, format);
    if (version == 0)
        return corrupt(path, u"is no file of the format “%1”"_s.arg(format));
    if (version > 1) {
        return failure(
            Error(ErrorCode::NewerSchema,
                  u"“%1” has version %2 of the format “%3”; this program reads version 1."_s.arg(path).arg(version).arg(
                      format),
                  u"Open it with Evalwright %1 or a later one."_s.arg(textIn(out.manifest, "program_version").left(32)),
                  u"version"_s)
                .withConsequence(u"Nothing of it was used."_s));
    }
    EVALWRIGHT_ASSIGN(const QByteArray sealBytes, readMember(*head, path, sealName));
    auto seal = Seal::fromJson(parseForeignJson(sealBytes));
    if (!seal)
        return unsigned_(path, sealName, u"is not well formed"_s);
    out.seal = *seal;
    if (out.seal.manifestSha256 != sha256Hex(manifestBytes))
        return unsigned_(path, manifestName, u"is not what its seal says"_s);

    QHash<QString, std::pair<qint64, QString>> listed;
    qint64 total = 0;
    const json &files = partOf(out.manifest, "files");
    for (const json &file : files.is_array() && files.size() < 64 ? files : json::array()) {
        const qint64 bytes = wholeIn(file, "bytes");
        if (bytes < 0 || bytes > mostSealedBytes || (total += bytes) > mostSealedBytes)
            return failure(ErrorCode::InvalidInput,
                           u"“%1” unpacks to more than %2 MiB."_s.arg(path).arg(mostSealedBytes >> 20),
                           u"Ask for a smaller one."_s);
        listed.insert(textIn(file, "path"), {bytes, textIn(file, "sha256")});
    }
    for (const QString &name : std::as_const(there)) {
        if (name != manifestName && name != sealName && (!listed.contains(name) || !names.contains(name)))
            return unsigned_(path, name, u"does not belong there"_s);
    }
    const ZipLimits large{64, mostSealedBytes, 500, qint64{1} << 20};
    EVALWRIGHT_ASSIGN(const auto archive, ZipArchive::open(path, large));
    for (const QString &name : names) {
        if (!listed.contains(name))
            return unsigned_(path, name, u"is not listed in the manifest"_s);
        EVALWRIGHT_ASSIGN(const QByteArray bytes, readMember(*archive, path, name));
        if (bytes.size() != listed[name].first || sha256Hex(bytes) != listed[name].second)
            return unsigned_(path, name, u"is not what the manifest says"_s);
        out.members.insert(name, bytes);
    }
    return out;
}

Result<SealedBytes> sealedZipBytes(json manifest, const std::vector<ZipPart> &members, const QByteArray &key)
{
    json files = json::array();
    qint64 total = 0;
    for (const ZipPart &part : members) {
        total += part.bytes.size();
        files.push_back({{"path", part.name.toStdString()},
                         {"bytes", part.bytes.size()},
                         {"sha256", sha256Hex(part.bytes).toStdString()}});
    }
    if (total > mostSealedBytes) {
        return failure(ErrorCode::InvalidInput,
                       u"The file would hold more than %1 MiB, which nobody could open."_s.arg(mostSealedBytes >> 20),
                       u"Take fewer items or fewer lists into one file."_s);
    }
    manifest["files"] = files;
    const QByteArray manifestBytes = canonicalJson(manifest) + '\n';
    SealedBytes out;
    out.seal.manifestSha256 = sha256Hex(manifestBytes);
    if (!key.isEmpty())
        out.seal.hmac = QString::fromLatin1(hmacSha256(key, out.seal.manifestSha256.toLatin1()).toHex());
    std::vector<ZipPart> parts{{manifestName, manifestBytes}};
    parts.insert(parts.end(), members.begin(), members.end());
    parts.push_back({sealName, canonicalJson(out.seal.toJson()) + '\n'});
    EVALWRIGHT_ASSIGN(out.bytes, zipBytes(parts));
    return out;
}

Result<std::vector<json>> linesOf(const QByteArray &member, const QString &name)
{
    std::vector<json> lines;
    for (qsizetype from = 0; from < member.size();) {
        qsizetype end = member.indexOf('\n', from);
        if (end < 0)
            end = member.size();
        const bool isShort = end - from <= longestLine;
        json line = isShort ? parseForeignJson(QByteArray::fromRawData(member.constData() + from, end - from)) : json();
        if (!line.is_object()) {
            return failure(ErrorCode::Corrupt,
                           u"Line %1 of “%2” is no JSON object that can be read."_s.arg(lines.size() + 1).arg(name),
                           u"Get the file again from where it came."_s);
        }
        lines.push_back(std::move(line));
        from = end + 1;
    }
    return lines;
}

} // namespace evalwright::review
