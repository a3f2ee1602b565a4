/// @file
/// The heap of a program that lives for a tenth of a second.
#pragma once

namespace roamsync::cli {

/// Before the first thread and the first large allocation: one heap for all threads, in large pages where the system gives any,
/// and nothing handed back before the end. Looking at a profile of 5,000 files in which nothing changed is as much work
/// for the system's page faults as for anything else.
void prepare_heap();

}  // namespace roamsync::cli
