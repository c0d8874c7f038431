const response = await fetch(process.argv[2]);
await response.text();
console.log(response.status);
