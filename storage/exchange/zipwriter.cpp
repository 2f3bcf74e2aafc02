// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/zipwriter.h"

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
        zip_source_t *source =
            zip_source_buffer(archive.get(), part.bytes.constData(), static_cast<zip_uint64_t>(part.bytes.size()), 0);
        if (!source)
            return broken(zip_get_error(archive.get()));
        const zip_int64_t at = zip_file_add(archive.get(), part.name.toUtf8().constData(), source, ZIP_FL_ENC_UTF_8);
        if (at < 0) {
            zip_source_free(source);
            return broken(zip_get_error(archive.get()));
        }
        const auto index = static_cast<zip_uint64_t>(at);
        if (zip_set_file_compression(archive.get(), index, ZIP_CM_DEFLATE, 9) != 0 ||
            zip_file_set_dostime(archive.get(), index, 0, firstDay, 0) != 0 ||
            zip_file_set_external_attributes(archive.get(), index, 0, ZIP_OPSYS_UNIX, plainFile) != 0)
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

} // namespace evalwright
