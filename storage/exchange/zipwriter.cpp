// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/zipwriter.h"

#include <QFile>

#include <zip.h>

#include <memory>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr zip_uint16_t firstDay = 0x21; ///< 1980-01-01 as MS-DOS writes it. Times of libzip's own would be local ones.
constexpr zip_uint32_t plainFile = 0100644u << 16;

struct Release
{
    void operator()(zip_t *archive) const { zip_discard(archive); }
    void operator()(zip_source_t *source) const { zip_source_free(source); }
};

tl::unexpected<Error> broken(zip_error_t *error)
{
    return failure(ErrorCode::Storage, u"The ZIP file could not be made."_s, u"Check the memory that is free."_s,
                   QString::fromUtf8(zip_error_strerror(error)));
}

/// Adds a member and lets go of its source, whatever becomes of it.
bool addMember(zip_t *archive, const QString &name, zip_source_t *source)
{
    if (!source)
        return false;
    const zip_int64_t at = zip_file_add(archive, name.toUtf8().constData(), source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return false;
    }
    const auto index = static_cast<zip_uint64_t>(at);
    return zip_set_file_compression(archive, index, ZIP_CM_DEFLATE, 9) == 0 && zip_file_set_dostime(archive, index, 0, firstDay, 0) == 0 &&
           zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, plainFile) == 0;
}

} // namespace

Result<QByteArray> zipBytes(const std::vector<ZipPart> &parts)
{
    zip_error_t error;
    zip_error_init(&error);
    const std::unique_ptr<zip_source_t, Release> out(zip_source_buffer_create(nullptr, 0, 0, &error));
    if (!out)
        return broken(&error);
    zip_source_keep(out.get()); // The archive lets go of it when it is closed.
    std::unique_ptr<zip_t, Release> archive(zip_open_from_source(out.get(), ZIP_TRUNCATE, &error));
    if (!archive) {
        zip_source_free(out.get());
        return broken(&error);
    }
    for (const ZipPart &part : parts) {
        if (!addMember(archive.get(), part.name,
                       zip_source_buffer(archive.get(), part.bytes.constData(), static_cast<zip_uint64_t>(part.bytes.size()), 0)))
            return broken(zip_get_error(archive.get()));
    }
    if (zip_close(archive.get()) != 0)
        return broken(zip_get_error(archive.get()));
    archive.release(); // Closed.
    zip_stat_t stat;
    if (zip_source_stat(out.get(), &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) || zip_source_open(out.get()) != 0)
        return broken(zip_source_error(out.get()));
    QByteArray bytes(static_cast<qsizetype>(stat.size), Qt::Uninitialized);
    const zip_int64_t got = zip_source_read(out.get(), bytes.data(), stat.size);
    zip_source_close(out.get());
    if (got < 0 || static_cast<zip_uint64_t>(got) != stat.size)
        return broken(zip_source_error(out.get()));
    return bytes;
}

Status writeZip(const QString &path, const QString &source, const std::vector<ZipSection> &sections)
{
    zip_error_t error;
    zip_error_init(&error);
    int code = 0;
    // libzip fills a file of its own beside the path and renames it when it is closed.
    std::unique_ptr<zip_t, Release> archive(zip_open(QFile::encodeName(path).constData(), ZIP_CREATE | ZIP_TRUNCATE, &code));
    if (!archive) {
        zip_error_init_with_code(&error, code);
        return broken(&error);
    }
    const QByteArray from = QFile::encodeName(source);
    for (const ZipSection &section : sections) {
        if (!addMember(archive.get(), section.name,
                       zip_source_file(archive.get(), from.constData(), static_cast<zip_uint64_t>(section.begin), section.bytes)))
            return broken(zip_get_error(archive.get()));
    }
    if (zip_close(archive.get()) != 0)
        return broken(zip_get_error(archive.get()));
    archive.release(); // Closed.
    return {};
}

} // namespace evalwright
