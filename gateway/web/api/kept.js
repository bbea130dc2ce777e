/** What this browser keeps under its origin: one IndexedDB store of names and values. */

const DATABASE = "guildhall";
const STORE = "kept";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>} once it is on disk
 */
async function inStore(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @param {string} name @returns {Promise<any>} */
export const readKept = (name) => inStore("readonly", (store) => store.get(name));

/** @param {string} name @param {unknown} value */
export const keep = (name, value) => inStore("readwrite", (store) => store.put(value, name));

/** @param {string} name */
export const forget = (name) => inStore("readwrite", (store) => store.delete(name));
