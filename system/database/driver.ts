/** The driver's types, taken from Mongoose's own copy of it: a collection of another copy would not accept its sessions. */
import type mongoose from 'mongoose';

export type ClientSession = mongoose.mongo.ClientSession;
export type Collection<T extends mongoose.mongo.Document> = mongoose.mongo.Collection<T>;
export type TransactionOptions = mongoose.mongo.TransactionOptions;
export type Filter<T extends mongoose.mongo.Document> = mongoose.mongo.Filter<T>;
export type UpdateFilter = mongoose.mongo.UpdateFilter<mongoose.mongo.Document>;
export type UpdateOperation<T extends mongoose.mongo.Document> = mongoose.mongo.AnyBulkWriteOperation<T>;
export type NewDocument<T extends mongoose.mongo.Document> = mongoose.mongo.OptionalUnlessRequiredId<T>;
