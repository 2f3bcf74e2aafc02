# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
# One place for what every target shares: language level, warnings, strict Qt, sanitizers.

add_library(evalwright_common INTERFACE)
target_compile_features(evalwright_common INTERFACE cxx_std_20)
target_include_directories(evalwright_common INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(evalwright_common INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
  QT_NO_FOREACH QT_NO_KEYWORDS QT_DISABLE_DEPRECATED_BEFORE=0x060400
  EVALWRIGHT_VERSION="${PROJECT_VERSION}" JSON_DIAGNOSTICS=0)
# -Wno-restrict: g++ 12 with -O3 reports it inside std::string for `"x" + std::string` (GCC bug 105651).
# No -Wnull-dereference: g++ 12 with -O3 reports it inside std::unique_ptr and nlohmann_json, where it is wrong.
target_compile_options(evalwright_common INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  -Wno-missing-field-initializers) # Half-given aggregates are how records with defaults are made.
if(EVALWRIGHT_WERROR)
  target_compile_options(evalwright_common INTERFACE -Werror)
endif()
if(EVALWRIGHT_SANITIZE)
  target_compile_options(evalwright_common INTERFACE -fsanitize=${EVALWRIGHT_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(evalwright_common INTERFACE -fsanitize=${EVALWRIGHT_SANITIZE})
endif()
if(EVALWRIGHT_COVERAGE)
  target_compile_options(evalwright_common INTERFACE --coverage)
  target_link_options(evalwright_common INTERFACE --coverage)
endif()

# evalwright_room(<target> SOURCES ... LINKS ... [PCH headers...])
# A room is a static library that lists exactly what it may use.
function(evalwright_room target)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE_LINKS;PCH" ${ARGN})
  if(NOT ROOM_SOURCES)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE evalwright_common ${ROOM_LINKS} ${ROOM_PRIVATE_LINKS})
    return()
  endif()
  add_library(${target} STATIC ${ROOM_SOURCES})
  set_target_properties(${target} PROPERTIES AUTOMOC ON AUTORCC ON)
  target_link_libraries(${target} PUBLIC evalwright_common ${ROOM_LINKS} PRIVATE ${ROOM_PRIVATE_LINKS})
  if(EVALWRIGHT_PCH AND ROOM_PCH)
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
    target_precompile_headers(${target} PRIVATE ${ROOM_PCH})
  endif()
endfunction()

# evalwright_test(<name> LINKS ...): one QtTest program from <name>.cpp in the current folder.
function(evalwright_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LINKS;ARGUMENTS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_executable(${name} ${name}.cpp ${TEST_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} evalwright_testsupport Qt6::Test)
  target_compile_definitions(${name} PRIVATE
    EVALWRIGHT_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" EVALWRIGHT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    EVALWRIGHT_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
  add_test(NAME ${name} COMMAND ${name} ${TEST_ARGUMENTS})
  # Every Qt warning is fatal: a test that logs one fails.
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT}
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FATAL_WARNINGS=1;LC_ALL=C.UTF-8;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:die_after_fork=0")
endfunction()
