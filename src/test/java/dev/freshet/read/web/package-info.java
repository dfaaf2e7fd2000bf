/** Tests of the reader's pages. */
@org.jspecify.annotations.NullMarked
package dev.freshet.read.web;
